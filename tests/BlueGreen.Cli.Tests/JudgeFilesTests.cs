using System.Globalization;
using System.Text.Json;

namespace BlueGreen.Cli.Tests;

/// <summary>What <c>bg judge</c> makes of two files: the verdicts are the validator's.</summary>
public sealed class JudgeFilesTests : IDisposable
{
    private const string Ks = "gates: [ distribution: { margin: 0.3 } ]";
    private readonly string _folder = Directory.CreateTempSubdirectory("bg-judge-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("NaN")]
    [InlineData("")]
    public async Task Judge_MostOfTheCandidateIsNull_IsInconclusive(string nothing)
    {
        var green = File("green.csv", "score", [.. Evenly(120), .. Enumerable.Repeat(nothing, 880)]);
        var (run, json) = await JudgeAsync(File("blue.csv", "score", Evenly(1000)), green, "--gates", Text("g.yaml", Ks));
        Assert.Equal((ExitCode.Refused, "Inconclusive"), (run.ExitCode, Verdict(json)));
        Assert.Contains("green owes 88% of its predictions", Summary(json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_SampleSizes_AreTheGates()
    {
        var (blue, green) = (File("blue.csv", "score", Evenly(20_000)), File("green.csv", "score", Evenly(20_000, 0.12)));
        var (_, wide) = await JudgeAsync(blue, green, "--gates", Text("a.yaml", "gates: [ distribution: { margin: 0.3, samples: 500..5000 } ]"));
        var (_, near) = await JudgeAsync(blue, green, "--gates", Text("b.yaml", "gates: [ distribution: { margin: 0.12, samples: 500..3000 } ]"));
        Assert.Equal(("Passed", 500), (Verdict(wide), wide.GetProperty("verdicts")[0].GetProperty("samples").GetInt32()));
        Assert.Equal(("Inconclusive", 3000), (Verdict(near), near.GetProperty("verdicts")[0].GetProperty("samples").GetInt32()));
        Assert.Equal(20_000, near.GetProperty("samples").GetProperty("baseline").GetInt32());
    }

    [Fact]
    public async Task Judge_SortedFiles_AreSampledAtRandom()
    {
        var rising = File("blue.csv", "score", Evenly(20_000));
        var falling = File("green.csv", "score", [.. Evenly(20_000).Reverse()]);
        var (_, json) = await JudgeAsync(rising, falling, "--gates", Text("g.yaml", "gates: [ distribution: { margin: 0.2, samples: 1000..1000 } ]"));
        Assert.Equal("Passed", Verdict(json));
    }

    [Fact]
    public async Task Judge_ClassLabels_AreCounted()
    {
        var blue = File("blue.csv", "class", Labels(700, 300));
        var (run, json) = await JudgeAsync(blue, File("green.csv", "class", Labels(300, 700)), "--gates", Text("g.yaml", "gates: [ distribution: { statistic: psi } ]"));
        Assert.Equal((ExitCode.Refused, "Failed"), (run.ExitCode, Verdict(json)));
        Assert.Equal(0.4 * Math.Log(7 / 3.0) * 2, json.GetProperty("psi").GetDouble(), 12);
        foreach (var figure in new[] { "kl", "js" }) Assert.True(json.GetProperty(figure).GetDouble() > 0.1);
        Assert.InRange(json.GetProperty("chi2").GetProperty("pvalue").GetDouble(), 0, 1e-50);
        foreach (var ordered in new[] { "ks", "wasserstein", "mannwhitney" }) Assert.Equal(JsonValueKind.Null, json.GetProperty(ordered).ValueKind);
        Assert.Equal(["fraud", "legit"], json.GetProperty("settings").GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        var (_, same) = await JudgeAsync(blue, blue);
        Assert.All(same.GetProperty("verdicts").EnumerateArray(), verdict => Assert.Equal("Passed", verdict.GetProperty("verdict").GetString()));
    }

    [Theory]
    [InlineData("prediction\n0.1\n0.2\n0.3\n", null, 3, 0)]
    [InlineData("NaN\n0.2\n0.3\n", null, 2, 1)]
    [InlineData("\n0.2\n0.3\n", null, 2, 1)]
    [InlineData("0.1\n0.2\n", "anything", 2, 0)]
    [InlineData("fraud\nlegit\nfraud\nlegit\n", null, 4, 0)]
    [InlineData("label\nlegit\nfraud\n", null, 2, 0)]
    [InlineData("1,0.1\n2,0.2\n3,\n", "1", 2, 1)]
    [InlineData("id,risk\n1,0.1\n2,0.2\n", "1", 2, 0)]
    [InlineData("0,1\n0.4,0.1\n0.3,0.2\n", "1", 2, 0)]
    [InlineData("a,fraud\nb,legit\nc,fraud\n", "1", 3, 0)]
    [InlineData("id,score\n1,0.1\n", null, 1, 0)]
    public async Task Judge_OrdinaryFiles_AreRead(string text, string? column, int values, int nulls)
    {
        var path = Text("a.csv", text);
        var (run, json) = await JudgeAsync(path, path, column is null ? [] : ["--column", column]);
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var samples = json.GetProperty("samples");
        Assert.Equal((values, nulls), (samples.GetProperty("baseline").GetInt32(), samples.GetProperty("baselineNulls").GetInt32()));
    }

    [Theory]
    [InlineData("prediction\n0.1\n", "score2", "no column 'score2': its columns are prediction")]
    [InlineData("1,0.1\n", "2", "a place counted from 0")]
    public async Task Judge_ColumnThatIsNotThere_IsRefused(string text, string column, string message)
    {
        await using var stub = await PlatformStub.StartAsync();
        var path = Text("a.csv", text);
        var run = await stub.BgAsync("judge", "--baseline", path, "--candidate", path, "--column", column);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_HugeScoresAndConstants_ArePrintedWithNullsForWhatIsNoNumber()
    {
        var blue = File("blue.csv", "score", [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? "1e308" : "-1e308")]);
        var (_, huge) = await JudgeAsync(blue, File("green.csv", "score", [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? "1e308" : "-1e308")]));
        Assert.Equal(JsonValueKind.Null, huge.GetProperty("wasserstein").ValueKind);
        Assert.Equal("distribution-wasserstein Failed", string.Concat(huge.GetProperty("verdicts").EnumerateArray()
            .Where(verdict => verdict.GetProperty("unit").GetString() == "sd").Select(verdict => $"{verdict.GetProperty("gate")} {verdict.GetProperty("verdict")}")));
        var constant = File("constant.csv", "score", [.. Enumerable.Repeat("1", 500_000)]);
        var (_, same) = await JudgeAsync(constant, constant);
        Assert.Equal(1, same.GetProperty("mannwhitney").GetProperty("pvalue").GetDouble());
    }

    private static async Task<(BgRun Run, JsonElement Json)> JudgeAsync(string blue, string green, params string[] more)
    {
        await using var stub = await PlatformStub.StartAsync();
        var run = await stub.BgAsync(["judge", "--baseline", blue, "--candidate", green, "--json", .. more]);
        return (run, JsonElement.Parse(run.Output));
    }

    private static string Verdict(JsonElement json) => json.GetProperty("verdicts")[0].GetProperty("verdict").GetString()!;

    private static string Summary(JsonElement json) => json.GetProperty("verdicts")[0].GetProperty("summary").GetString()!;

    private static IEnumerable<string> Evenly(int count, double shift = 0) =>
        Enumerable.Range(0, count).Select(i => (shift + ((i + 0.5) / count)).ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<string> Labels(int frauds, int others) =>
        [.. Enumerable.Repeat("fraud", frauds), .. Enumerable.Repeat("legit", others)];

    private string File(string name, string header, IEnumerable<string> cells) => Text(name, $"{header}\n{string.Join('\n', cells)}\n");

    private string Text(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
