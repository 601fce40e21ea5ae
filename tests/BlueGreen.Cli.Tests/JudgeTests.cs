using System.Globalization;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Cli.Tests;

public sealed class JudgeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bg-judge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Judge_TwoFiles_PrintsEveryStatisticAndVerdict()
    {
        await using var stub = await PlatformStub.StartAsync();
        var run = await stub.BgAsync("judge", "--baseline", Csv("a.csv", 1000, 0), "--candidate", Csv("b.csv", 1000, 0.5), "--json");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var json = JsonElement.Parse(run.Output);
        Assert.Equal(0.5, json.GetProperty("ks").GetProperty("statistic").GetDouble(), 2);
        Assert.InRange(json.GetProperty("ks").GetProperty("pvalue").GetDouble(), 0, 1e-50);
        foreach (var name in new[] { "psi", "kl", "js", "wasserstein" }) Assert.True(json.GetProperty(name).GetDouble() > 0.1);
        foreach (var name in new[] { "chi2", "mannwhitney" }) Assert.InRange(json.GetProperty(name).GetProperty("pvalue").GetDouble(), 0, 1e-50);
        Assert.Equal(7, json.GetProperty("verdicts").GetArrayLength());
        Assert.All(json.GetProperty("verdicts").EnumerateArray(), verdict => Assert.Equal("Failed", verdict.GetProperty("verdict").GetString()));
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Judge_Gates_DecideTheExitCode()
    {
        await using var stub = await PlatformStub.StartAsync();
        var (a, b) = (Csv("a.csv", 2000, 0), Csv("b.csv", 2000, 0.1));
        var strict = await stub.BgAsync("judge", "--baseline", a, "--candidate", b, "--gates", Text("strict.yaml", "gates: [ distribution: { margin: 0.02 } ]"));
        var lenient = await stub.BgAsync(
            "judge", "--baseline", a, "--candidate", b,
            "--gates", Text("lenient.yaml", "spec:\n  gates:\n  - distribution: { statistic: wasserstein, margin: 1 }\n  - latency: { p99: 80ms }\n"));
        Assert.Equal((ExitCode.Refused, ExitCode.Ok), (strict.ExitCode, lenient.ExitCode));
        Assert.Contains("beyond the margin 0.02", strict.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "no column 'score': its columns are a, b")]
    [InlineData("", "is empty")]
    [InlineData("score\n", "no rows")]
    [InlineData("score\n\nNaN\n", "no number and no label in 2 rows")]
    [InlineData("score\nx\n\n", "The baseline has labels such as 'x', the candidate numbers")]
    public async Task Judge_UnusableFile_SaysWhy(string text, string message)
    {
        await using var stub = await PlatformStub.StartAsync();
        var run = await stub.BgAsync("judge", "--baseline", Text("a.csv", text), "--candidate", Csv("b.csv", 10, 0));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_RowsThatAreNoNumbers_AreCountedAsNulls()
    {
        await using var stub = await PlatformStub.StartAsync();
        var a = Text("a.csv", "id,score\r\n1,0.5\r\n2,\"0.25\"\r\n3,\r\n4,NaN\r\n5,high\r\n6\r\n");
        var json = JsonElement.Parse((await stub.BgAsync("judge", "--baseline", a, "--candidate", a, "--json")).Output);
        Assert.Equal((2, 4), (json.GetProperty("samples").GetProperty("baseline").GetInt32(), json.GetProperty("samples").GetProperty("baselineNulls").GetInt32()));
        Assert.Equal("Inconclusive", json.GetProperty("verdicts")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Judge_PastDeployment_SaysWhatOtherGatesWouldHaveDecided()
    {
        var id = Guid.NewGuid();
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"GET /api/v1/deployments/{id}", 200, $$"""
            {"id":"{{id}}","gates":[{"gate":"health","verdict":"Passed","unit":"replicas","samples":2,"summary":""},
            {"gate":"distribution-ks","verdict":"Failed","value":0.2,"threshold":0.15,"unit":"D","samples":1000,"intervalLow":0.17,"intervalHigh":0.24,"summary":""}]}
            """);
        var wide = await stub.BgAsync("judge", id.ToString(), "--gates", Text("g.yaml", "gates: [ distribution: { margin: 0.3 } ]"));
        var between = await stub.BgAsync("judge", id.ToString(), "--json", "--gates", Text("h.yaml", "gates: [ distribution: { margin: 0.2 } ]"));
        Assert.Equal((ExitCode.Ok, ExitCode.Refused), (wide.ExitCode, between.ExitCode));
        Assert.Equal("Inconclusive", JsonElement.Parse(between.Output).GetProperty("verdicts")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Judge_PastDeploymentWithEvidence_IsJudgedAgainByAnyGates()
    {
        var evidence = Kept();
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"GET /api/v1/evidence/{evidence.DeploymentId}", 200, JsonSerializer.Serialize(evidence, EvidenceJson.Default.DeploymentEvidence));
        var id = evidence.DeploymentId.ToString();
        var same = await stub.BgAsync("judge", id);
        var lenient = await stub.BgAsync("judge", id, "--json", "--gates", Text("g.yaml", "gates: [ distribution: { statistic: psi, margin: 5 }, latency: { p95: 80ms } ]"));
        var strict = await stub.BgAsync("judge", id, "--gates", Text("s.yaml", "gates: [ latency: { p95: 10ms } ]"));
        Assert.Equal((ExitCode.Refused, ExitCode.Ok, ExitCode.Refused), (same.ExitCode, lenient.ExitCode, strict.ExitCode));
        Assert.Contains("judged again by the evidence", same.Output, StringComparison.Ordinal);
        var json = JsonElement.Parse(lenient.Output);
        Assert.Equal(("evidence", "Passed"), (json.GetProperty("basis").GetString(), json.GetProperty("verdicts")[1].GetProperty("verdict").GetString()));
        Assert.Equal(["health", "latency-p95", "distribution-psi"], json.GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetProperty("gate").GetString()));
        Assert.Contains("above 10 ms", strict.Output, StringComparison.Ordinal);
    }

    private static DeploymentEvidence Kept()
    {
        var gate = new DistributionGate { Statistic = "ks", Margin = 0.15, Confidence = 0.95, MinSamples = 500, MaxSamples = 500 };
        return new()
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            EnvironmentId = Guid.NewGuid(),
            Fingerprint = "f",
            JudgedAt = TimeProvider.System.GetUtcNow(),
            Passed = false,
            Policy = new() { Health = new(), Latency = new() { P99 = TimeSpan.FromMilliseconds(80), Requests = 100 }, Distribution = gate },
            PolicyHash = "h",
            Gates =
            [
                GateEvidence.Of("health", new GateResult { Gate = "health", Verdict = Verdict.Passed, Unit = "replicas", Samples = 2, Summary = "2 are ready" }),
                GateEvidence.Of("latency") with { Latency = new() { Microseconds = [20_000, 40_000], Counts = [80, 20], Load = "100/s", Duration = default } },
                GateEvidence.Of("distribution") with
                {
                    Distribution = new()
                    {
                        Green = new() { Scores = [.. Enumerable.Range(0, 500).Select(i => 0.4 + (i / 500.0))] },
                        Blue = new() { Scores = [.. Enumerable.Range(0, 500).Select(i => i / 500.0)] },
                        Available = 500, MinSamples = 500, MaxSamples = 500, Fewest = 100, ToleratedMissingShare = 0.05, Looks = [new(500, 500)],
                    },
                },
            ],
        };
    }

    private string Csv(string name, int rows, double shift) => Text(
        name, "id,score\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i},{shift + ((i + 0.5) / rows)}\n"))));

    private string Text(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
