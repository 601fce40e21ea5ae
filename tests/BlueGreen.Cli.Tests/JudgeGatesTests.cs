using System.Text.Json;
using BlueGreen.Contracts;

namespace BlueGreen.Cli.Tests;

/// <summary>What <c>bg judge</c> reads in a file of gates: all of it, or it says what it does not understand.</summary>
public sealed class JudgeGatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bg-judge-gates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gates:\n  - health: {}\n  - distribtion: { margin: 0.001 }", 3, 5, "'distribtion' is not a gate")]
    [InlineData("gates:\n  - golden: { file: g, minRecal: 99% }", 2, 24, "'minRecal' is not a field of 'golden'")]
    [InlineData("gates:\n  - golden: { file: g }", 2, 5, "at least one of minRecall")]
    [InlineData("gates:\n  - features: { maxNulRate: 1% }", 2, 17, "'maxNulRate' is not a field of 'features'")]
    [InlineData("gates:\n  - external: { name: a, hihg: 1 }", 2, 26, "'hihg' is not a field of 'external'")]
    [InlineData("gates:\n  - external: { name: a, source: { kinds: http } }", 2, 36, "'kinds' is not a field of 'source'")]
    [InlineData("gates:\n  - external: { name: a }", 2, 5, "low, high or both")]
    [InlineData("gates:\n  - external: { name: a, low: 2, high: 1 }", 2, 5, "low must not be above high")]
    [InlineData("gates:\n  - external: { name: a, high: 1, dryRun: yes }", 2, 43, "not true or false")]
    [InlineData("gates:\n  - health: { strict: true }", 2, 15, "'strict' is not a field of 'health', which has none")]
    [InlineData("gates:\n  - latency: {}", 2, 5, "at least one of p50")]
    [InlineData("gates:\n  - latency: { p99: 1x }", 2, 21, "not a duration")]
    [InlineData("gates:\n  - latency: { p99: 1s }\n  - latency: { p99: 2s }", 3, 5, "given twice")]
    [InlineData("gates:\n  - distribution: ks", 2, 19, "are a mapping")]
    [InlineData("gates:\n  - distribution: { slices: { from: /a } }", 2, 31, "'from' is not a field of 'slices'")]
    [InlineData("gates:\n  - distribution: { ignore: id }", 2, 29, "is a list")]
    [InlineData("gates:\n  - distribution: { logBase: 10 }", 2, 30, "logBase is e or 2")]
    [InlineData("gates:\n  - health", 2, 5, "one gate with its settings")]
    [InlineData("gates:\n  - health: {}\n    schema: {}", 2, 5, "one gate with its settings")]
    [InlineData("gates:\n  - { health", 2, 0, "")]
    public async Task Judge_GatesThatAreNotUnderstood_AreRefusedWithTheirPlace(string yaml, int line, int column, string message)
    {
        await using var stub = await PlatformStub.StartAsync();
        var run = await stub.BgAsync("judge", "fraud", "--json", "--gates", Text("g.yaml", yaml));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        var error = JsonElement.Parse(run.Output).GetProperty("error");
        Assert.Contains(message, error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.InRange(error.GetProperty("line").GetInt32(), line, column == 0 ? int.MaxValue : line);
        if (column > 0) Assert.Equal(column, error.GetProperty("column").GetInt32());
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Judge_TwoFiles_NamesEveryGateThatNeedsAModel()
    {
        await using var stub = await PlatformStub.StartAsync();
        var scores = Text("a.csv", "score\n" + string.Join('\n', Enumerable.Range(0, 1000).Select(i => i)));
        var gates = Text("g.yaml", """
            gates:
              - health:
              - schema: {}
              - compatibility: { path: /versions }
              - latency: { p50: 1m30s, p99: 200ms }
              - errorRate: { max: 0.1% }
              - golden: { file: g.jsonl, minRecall: 80% }
              - distribution: { statistic: psi, slices: { by: /parameters/country } }
              - paired: { maxDisagreement: 5% }
              - features: { file: f.jsonl }
              - external: { name: spend, high: 1, source: { kind: prometheus, address: "https://p.example", query: up } }
            """);
        var run = await stub.BgAsync("judge", "--baseline", scores, "--candidate", scores, "--gates", gates, "--json");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var verdicts = JsonElement.Parse(run.Output).GetProperty("verdicts").EnumerateArray().ToArray();
        Assert.Equal(
            ["distribution-psi", "health", "schema", "compatibility", "latency-p50", "latency-p99", "error-rate", "golden-recall", "paired",
                "features-required", "features-null", "features-drift", "external-spend"],
            verdicts.Select(verdict => verdict.GetProperty("gate").GetString()));
        Assert.Equal("Passed", verdicts[0].GetProperty("verdict").GetString());
        Assert.All(verdicts.Skip(1), verdict => Assert.Equal(nameof(Verdict.NotApplicable), verdict.GetProperty("verdict").GetString()));
        Assert.Equal(90_000, verdicts[4].GetProperty("threshold").GetDouble());
    }

    [Fact]
    public async Task Judge_PastDeploymentByResults_LeavesNoGateOut()
    {
        var id = Guid.NewGuid();
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"GET /api/v1/deployments/{id}", 200, $$"""
            {"id":"{{id}}","gates":[{"gate":"health","verdict":"Passed","unit":"replicas","samples":2,"summary":""},
            {"gate":"paired","verdict":"Passed","value":0.01,"threshold":0.05,"unit":"share","samples":1000,"summary":""}]}
            """);
        async Task<int> ByAsync(string gate) => (await stub.BgAsync("judge", id.ToString(), "--gates", Text("g.yaml", $"gates: [ {gate} ]"))).ExitCode;
        Assert.Equal(ExitCode.Ok, await ByAsync("paired: { maxDisagreement: 5% }"));
        Assert.Equal(ExitCode.Refused, await ByAsync("paired: { maxDisagreement: 0.5% }"));
        Assert.Equal(ExitCode.Refused, await ByAsync("external: { name: spend, high: 1 }"));
        Assert.Equal(ExitCode.Refused, await ByAsync("schema: {}"));
        Assert.Equal(ExitCode.Ok, await ByAsync("health: {}"));
    }

    private string Text(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
