using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Tests;

namespace BlueGreen.Validator.Tests.Gates;

/// <summary>Scores are even in [0, 1], so that a shift of δ is a D of about δ.</summary>
public sealed class MarginCalibrationTests
{
    [Fact]
    public async Task Margin_WithoutRetrains_IsNotBelowTheOwnersAndSaysWhatBlueKeepsAgainstItself()
    {
        var gate = await JudgeAsync(new() { MaxMargin = 0.3 }, 0, []);
        Assert.Equal((Verdict.Passed, 0.15, 0.15), (gate.Verdict, gate.Threshold, gate.FittedMargin));
        Assert.Contains("blue against itself 0.", gate.Summary, StringComparison.Ordinal);
        Assert.InRange(gate.FalseAlarmRate ?? 1, 0, 0.02);
    }

    /// <summary>Good models differ by 0.2 here: the default margin would refuse one in four of them, the fitted one none.</summary>
    [Fact]
    public async Task Margin_OfRetrainsThatDifferMore_LetsThroughWhatTheDefaultRefuses()
    {
        var calibration = new MarginCalibration { MaxMargin = 0.5, Retrains = [File("retrain-1.csv"), File("retrain-2.csv")] };
        var files = new Dictionary<string, string> { ["retrain-1.csv"] = Scores(0.2), ["retrain-2.csv"] = $"score,other\n{Scores(0.05).Replace("\n", ",1\n", StringComparison.Ordinal)},1" };
        var gate = await JudgeAsync(calibration, 0.18, files);
        Assert.Equal(Verdict.Passed, gate.Verdict);
        Assert.InRange(gate.Threshold ?? 0, 0.2, 0.3);
        Assert.Equal(gate.Threshold, gate.FittedMargin);
        Assert.Contains("retrain-2.csv 0.", gate.Summary, StringComparison.Ordinal);
        Assert.Equal(Verdict.Failed, (await JudgeAsync(calibration, 0.5, files)).Verdict);
    }

    [Fact]
    public async Task Margin_OfRetrainsThatHardlyDiffer_RefusesWhatTheDefaultLetsThrough()
    {
        var calibration = new MarginCalibration { MaxMargin = 0.5, Retrains = [File("retrain-1.csv")] };
        var gate = await JudgeAsync(calibration, 0.14, new() { ["retrain-1.csv"] = Scores(0) });
        Assert.InRange(gate.Threshold ?? 1, 0.01, 0.1);
        Assert.Equal(Verdict.Failed, gate.Verdict);
    }

    [Fact]
    public async Task Margin_BeyondTheLargest_IsCappedAndTold()
    {
        var gate = await JudgeAsync(new() { MaxMargin = 0.2, Retrains = [File("retrain-1.csv")] }, 0, new() { ["retrain-1.csv"] = Scores(0.6) });
        Assert.Equal(0.2, gate.Threshold);
        Assert.InRange(gate.FittedMargin ?? 0, 0.6, 0.7);
        Assert.Contains("capped at 0.2", gate.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Margin_OfAFileWithoutScores_IsInconclusive()
    {
        var gate = await JudgeAsync(new() { MaxMargin = 0.2, Retrains = [File("retrain-1.csv")] }, 0, new() { ["retrain-1.csv"] = "score" });
        Assert.Equal(Verdict.Inconclusive, gate.Verdict);
        Assert.Contains("retrain-1.csv: a column of scores", gate.Summary, StringComparison.Ordinal);
    }

    private static BlobReference File(string name) => new() { Sha256 = "", Name = name };

    private static string Scores(double shift) => string.Join(
        '\n', Enumerable.Range(0, 4000).Select(i => (((i + 0.5) / 4000) + shift).ToString(CultureInfo.InvariantCulture)));

    private static async Task<GateResult> JudgeAsync(MarginCalibration calibration, double shift, Dictionary<string, string> files)
    {
        await using var blue = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value + shift)));
        var gates = new GatePolicy
        {
            Health = new(),
            Distribution = Judges.Ks(min: 1000, max: 4000) with { Calibration = calibration },
            Payloads = Judges.File,
        };
        var outcome = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), gates), Judges.Golden(8000), files: files);
        return (outcome is EnvironmentValidated passed ? passed.Gates : Assert.IsType<ValidationFailed>(outcome).Gates).Single(gate => gate.Gate == "distribution-ks");
    }
}
