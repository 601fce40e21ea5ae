using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using CsCheck;

namespace BlueGreen.Judging.Tests.Evidence;

public sealed class DistributionEvidenceTests
{
    /// <summary>Played by the gate's own schedule: what the validator does, without a model.</summary>
    [Fact]
    public void Judge_BySameGate_IsTheVerdictOfTheLookThatDecided() => Gen.Select(Gen.Int[1, 1_000_000], Gen.Double[0, 0.8]).Sample((seed, shift) =>
    {
        var gate = Gate() with { MinSamples = 200, MaxSamples = 1600 };
        var evidence = Play(gate, seed, shift, 1600, out var verdict);
        Assert.Equal(verdict, evidence.Judge(gate).Verdict);
    }, iter: 50);

    [Theory]
    [InlineData(0.9, Verdict.Passed)]
    [InlineData(0.05, Verdict.Failed)]
    public void Judge_ByAnotherMargin_IsThatGatesVerdict(double margin, Verdict verdict)
    {
        var evidence = Play(Gate(), 1, 0.8, 5000, out _);
        Assert.Equal(verdict, evidence.Judge(Gate() with { Margin = margin }).Verdict);
    }

    [Fact]
    public void Judge_UndecidedByWhatIsKept_SaysThatMoreWouldHaveBeenAskedFor()
    {
        var evidence = Play(Gate(), 1, 0.0, 5000, out var verdict);
        Assert.Equal((Verdict.Passed, 1000), (verdict, evidence.Green.Count));
        var value = evidence.Judge(Gate()).Value!.Value;
        var strict = evidence.Judge(Gate() with { Margin = value });
        Assert.Equal(Verdict.Inconclusive, strict.Verdict);
        Assert.EndsWith("more samples would have been asked for", strict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_ByOtherSampleSizes_TakesThemFromWhatIsKept()
    {
        var evidence = Play(Gate() with { MinSamples = 2000, MaxSamples = 2000 }, 3, 0.8, 2000, out _);
        var early = evidence.Judge(Gate() with { MinSamples = 500, MaxSamples = 2000, Margin = 0.05 });
        Assert.Equal((Verdict.Failed, 500), (early.Verdict, early.Samples));
    }

    [Fact]
    public void Judge_ByAnotherStatisticOrSlices_IsJudgedOrRefused()
    {
        var evidence = Play(Gate(), 1, 0.0, 5000, out _);
        Assert.Equal(Verdict.Passed, evidence.Judge(Gate() with { Statistic = "mann-whitney", Margin = 0.1 }).Verdict);
        var sliced = evidence.Judge(Gate() with { SliceBy = "/parameters/country" });
        Assert.Equal(Verdict.Inconclusive, sliced.Verdict);
        Assert.Contains("not kept by /parameters/country", sliced.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_TooManyPredictionsOwed_IsInconclusiveWhateverTheGate()
    {
        var evidence = Play(Gate(), 1, 0.0, 5000, out _);
        evidence = evidence with { Green = evidence.Green with { Missing = 200, Error = "status 500" } };
        var result = evidence.Judge(Gate() with { Margin = 1 });
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Contains("green owes 16.7% of its predictions (e.g. status 500)", result.Summary, StringComparison.Ordinal);
    }

    private static DistributionGate Gate() => new() { Statistic = "ks", Margin = 0.15, Confidence = 0.95, MinSamples = 1000, MaxSamples = 5000 };

    private static DistributionEvidence Play(DistributionGate gate, int seed, double shift, int available, out Verdict verdict)
    {
        var random = new Random(seed);
        var evidence = new DistributionEvidence
        {
            Green = SideScores.Empty,
            Blue = SideScores.Empty,
            Available = available,
            MinSamples = gate.MinSamples,
            MaxSamples = gate.MaxSamples,
            Fewest = 100,
            ToleratedMissingShare = 0.05,
        };
        verdict = Verdict.Inconclusive;
        while (verdict == Verdict.Inconclusive && evidence.Next(gate) is { } size)
        {
            double Next() => random.NextDouble() + random.NextDouble() + random.NextDouble();
            evidence = evidence with
            {
                Green = new() { Scores = [.. evidence.Green.Scores, .. Enumerable.Range(evidence.Green.Count, size - evidence.Green.Count).Select(_ => Next() + shift)] },
                Blue = new() { Scores = [.. evidence.Blue.Scores, .. Enumerable.Range(evidence.Blue.Count, size - evidence.Blue.Count).Select(_ => Next())] },
                Looks = [.. evidence.Looks, new(size, size)],
            };
            verdict = evidence.Judge(gate).Verdict;
        }

        return evidence;
    }
}
