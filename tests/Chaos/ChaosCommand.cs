using System.CommandLine;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos;

/// <summary><c>chaos [--seeds N] [--seed S] [--results FILE [--at-most N]] [--json]</c>.</summary>
internal static class ChaosCommand
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;
    private const int MostShown = 40;

    public static RootCommand Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 4 };
        var seed = new Option<int?>("--seed") { Description = "The first seed; without --seeds the only one." };
        var results = new Option<string?>("--results")
        {
            Description = "A file that remembers every seed played: those in it are not played again, and the sum is over all of them.",
        };
        var most = new Option<int>("--at-most") { Description = "How many to play now.", DefaultValueFactory = _ => int.MaxValue };
        var json = new Option<bool>("--json") { Description = "Only say what is wrong, and end with one line of JSON." };
        var script = new Option<bool>("--script") { Description = "Print the scripts and play nothing." };
        var root = new RootCommand("Plays random releases and alarms under random faults and judges what came of it.")
            { seeds, seed, results, most, json, script };
        root.SetAction((parsed, ct) =>
        {
            var first = parsed.GetValue(seed) ?? 1;
            var only = parsed.GetValue(seed) is not null && parsed.GetResult(seeds) is null or { Implicit: true };
            var all = Enumerable.Range(first, only ? 1 : parsed.GetValue(seeds)).Select(ScriptWriter.Write);
            if (parsed.GetValue(script)) return PrintAsync(all);
            var run = new ChaosRun(all, parsed.GetValue(results), parsed.GetValue(most), quiet: parsed.GetValue(json));
            return RunAsync(run, ct);
        });
        return root;
    }

    private static Task<int> PrintAsync(IEnumerable<ChaosScript> scripts)
    {
        foreach (var script in scripts) Console.WriteLine(script);
        return Task.FromResult(Good);
    }

    private static async Task<int> RunAsync(ChaosRun run, CancellationToken ct)
    {
        if (ContainerEngine.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return Bad;
        }

        try
        {
            var report = ChaosReport.Of(await run.PlayAsync(ct));
            SayUnmet(report);
            Console.WriteLine(report.ToJson());
            return report.IsGood ? Good : Bad;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private static void SayUnmet(ChaosReport report)
    {
        var hits = new HitsTable();
        hits.Add(report.Hits);
        if (report.Unmet is > 0 and <= MostShown) Console.Error.WriteLine($"not met: {string.Join(", ", hits.Unmet())}");
    }
}
