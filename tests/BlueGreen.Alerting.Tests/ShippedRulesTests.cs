using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using BlueGreen.Alerting.Tests.Fixture;

namespace BlueGreen.Alerting.Tests;

/// <summary>The rules in deploy/prometheus, as Prometheus itself evaluates them, on metrics that there are.</summary>
public sealed partial class ShippedRulesTests
{
    private static readonly string Rules = Path.GetFullPath(Path.Combine(Here(), "..", "..", "deploy", "prometheus", "bluegreen.rules.yml"));
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RouterCutOffForAMinute_FiresAllTheWhile_AndEndsWithIt()
    {
        RealSystems.Require(RealSystems.Promtool);
        var folder = Directory.CreateTempSubdirectory("bluegreen-rules-").FullName;
        var tests = Path.Combine(folder, "tests.yml");
        await File.WriteAllTextAsync(tests, $$"""
            rule_files: ["{{Rules}}"]
            evaluation_interval: 5s
            tests:
              - interval: 5s
                input_series:
                  - series: bluegreen_router_behind_seconds{instance="router-3:8080"}
                    values: '0 5 10 15 20 25 30 35 40 45 50 55 60 0 0'
                  - series: bluegreen_router_replica_silence_seconds{instance="router-1:8080", router="router-3"}
                    values: '0 5 10 15 20 25 30 35 40 45 50 55 60 0 0'
                alert_rule_test:
            {{string.Concat(Enumerable.Range(2, 11).Select(step => Expected(step * 5, step * 5)))}}
                  - { eval_time: 5s, alertname: BlueGreenRouterBehind }
                  - { eval_time: 65s, alertname: BlueGreenRouterBehind }
                  - { eval_time: 65s, alertname: BlueGreenRouterReplicaSilent }
            """, Ct);

        var (exitCode, said) = await PromtoolAsync("test", "rules", tests);

        Assert.True(exitCode == 0, said);
        Directory.Delete(folder, recursive: true);

        static string Expected(int at, int seconds) => $$"""
                  - eval_time: {{at}}s
                    alertname: BlueGreenRouterBehind
                    exp_alerts:
                      - exp_labels: { severity: critical, instance: "router-3:8080" }
                        exp_annotations: { summary: "Router router-3:8080 last knew its routes {{Spoken(seconds)}} ago", description: "It is cut off from the database. Endpoints with onControlPlaneLoss: serve-last are answered by what was live then, which may have been superseded; fenced ones answer 503. Alarms and bg rollback still move its traffic." }

            """;
    }

    [Fact]
    public async Task EveryMetricThatARuleNames_IsPublished()
    {
        await using var scene = await PlatformScene.StartAsync();
        await using var model = await ModelServer.StartAsync();
        await scene.SwitchAsync(model, "v1", 0);
        var named = Metric().Matches(await File.ReadAllTextAsync(Rules, Ct)).Select(match => match.Value).ToHashSet();
        // Only an orchestrator has faults, and there is none here.
        Assert.True(named.Remove("bluegreen_faults_open"));
        Assert.True(named.Count > 5);
        using var http = new HttpClient();
        var missing = "";

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var published = await http.GetStringAsync(new Uri($"http://127.0.0.1:{scene.Control}/metrics"), Ct);
                missing = string.Join(", ", named.Where(name => !published.Contains($"\n{name}{{", StringComparison.Ordinal)
                    && !published.Contains($"\n{name} ", StringComparison.Ordinal)));
                return missing.Length == 0;
            },
            Limit, () => $"not published: {missing}");
    }

    private static string Spoken(int seconds) => seconds < 60 ? $"{seconds}s" : $"{seconds / 60}m {seconds % 60}s";

    private static async Task<(int ExitCode, string Said)> PromtoolAsync(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(RealSystems.Find(RealSystems.Promtool)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        var said = await Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(Ct), promtool.StandardError.ReadToEndAsync(Ct));
        await promtool.WaitForExitAsync(Ct);
        return (promtool.ExitCode, string.Concat(said));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("bluegreen_[a-z_]+")]
    private static partial Regex Metric();
}
