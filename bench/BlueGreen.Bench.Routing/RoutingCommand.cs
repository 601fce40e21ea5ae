using System.CommandLine;
using System.Text.Json;
using BlueGreen.Bench.Routing.Proxying;
using BlueGreen.Bench.Routing.RollingBack;
using BlueGreen.Bench.Routing.Switching;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Bench.Routing;

/// <summary><c>routing switch|rollback|proxy</c>.</summary>
internal static class RoutingCommand
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;

    private static readonly JsonSerializerOptions OneLine = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static RootCommand Create() => new("Measures the router.") { Switch(), Rollback(), Proxy() };

    private static Command Switch()
    {
        var switches = Count("--switches", 1000, "Fast switches, back and forth.");
        var strict = Count("--strict", 200, "Strict switches, after the fast ones.");
        var peers = Count("--peers", 20, "Switches of HAProxy and of NGINX.");
        var rate = Count("--rate", 2200, "Requests per second; 2,000 must be reached.");
        return Described("switch", "Switches under traffic over three router replicas, beside HAProxy and NGINX.", [switches, strict, peers, rate], true,
            (parsed, say, ct) => new SwitchRun(say).MeasureAsync(
                new SwitchPlan(parsed.GetValue(switches), parsed.GetValue(strict), parsed.GetValue(peers), parsed.GetValue(rate)), ct));
    }

    private static Command Rollback()
    {
        var trials = Count("--trials", 200, "Alarms of each kind: with everything up, with the broker down, with the database down.");
        var rate = Count("--rate", 1000, "Requests per second.");
        return Described("rollback", "From an alarm's first byte to the last request that green answered.", [trials, rate], true,
            async (parsed, say, ct) =>
            {
                using var run = new RollbackRun(say);
                return await run.MeasureAsync(new RollbackPlan(parsed.GetValue(trials), parsed.GetValue(rate)), ct);
            });
    }

    private static Command Proxy()
    {
        var seconds = Count("--seconds", 6, "How long each proxy is measured, each time.");
        var rounds = Count("--rounds", 3, "How often; the median counts.");
        var settings = Count("--settings", 0, "1: also with runtime settings, one at a time.");
        return Described("proxy", "Processor time per request beside NGINX and HAProxy.", [seconds, rounds, settings], false,
            (parsed, say, ct) => new ProxyRun(say).MeasureAsync(
                new ProxyPlan(
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds),
                    [ProxyVariant.Shipped, ProxyVariant.General, ProxyVariant.Inline, .. parsed.GetValue(settings) > 0 ? ProxyVariant.Settled : []]),
                ct));
    }

    private static Option<int> Count(string name, int usual, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => usual };

    private static Command Described<TReport>(
        string name, string description, IReadOnlyList<Option<int>> counts, bool needsContainers,
        Func<ParseResult, Action<string>, CancellationToken, Task<TReport>> measure) where TReport : IReport
    {
        var json = new Option<bool>("--json") { Description = "Say nothing but the last line." };
        var command = new Command(name, description) { json };
        foreach (var count in counts) command.Add(count);
        command.SetAction(async (parsed, ct) =>
        {
            if (needsContainers && ContainerEngine.SkipReason is { } reason)
            {
                Console.Error.WriteLine(reason);
                return Bad;
            }

            try
            {
                var report = await measure(parsed, text => Say(text, parsed.GetValue(json)), ct);
                Console.WriteLine(JsonSerializer.Serialize(report, OneLine));
                foreach (var missed in report.Missed) Say($"missed: {missed}", parsed.GetValue(json));
                foreach (var missed in report.GoalsMissed) Say($"goal not reached: {missed}", parsed.GetValue(json));
                return report.Missed.Count == 0 ? Good : Bad;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return Interrupted;
            }
        });
        return command;
    }

    private static void Say(string text, bool isQuiet)
    {
        if (!isQuiet) Console.Error.WriteLine(text);
    }
}
