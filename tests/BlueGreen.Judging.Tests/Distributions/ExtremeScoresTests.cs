using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Evidence;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Tests.Distributions;

public sealed class ExtremeScoresTests
{
    [Fact]
    public void MannWhitney_HalfAMillionEqualValuesASide_AreAsLikelyAsCanBe()
    {
        var constant = SortedSample.Of([.. Enumerable.Repeat(0.5, 500_000)]);
        Assert.Equal(1, MannWhitney.Compare(constant, constant).PValue());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-300)]
    [InlineData(1e200)]
    [InlineData(1e308)]
    public void Judge_EveryStatistic_SaysTheSameInWhateverUnit(double unit)
    {
        SortedSample Scores(double shift) => SortedSample.Of([.. Enumerable.Range(0, 1000).Select(i => unit * (((i + 0.5) / 1000) - 0.75 + shift))]);
        foreach (var statistic in DistributionStatistic.All)
        {
            var gate = new DistributionGate { Statistic = statistic.Name, Margin = statistic.DefaultMargin, Confidence = 0.95, MinSamples = 1000, MaxSamples = 1000 };
            Assert.Equal(Verdict.Passed, DistributionTest.Judge(gate, Scores(0), Scores(0.001), 0.95).Verdict);
            var failed = DistributionTest.Judge(gate, Scores(0), Scores(0.5), 0.95);
            Assert.Equal(Verdict.Failed, failed.Verdict);
            Assert.All([failed.Value, failed.IntervalLow, failed.IntervalHigh], figure => Assert.True(double.IsFinite(figure!.Value)));
        }
    }

    [Fact]
    public void Wasserstein_OfConstants_IsSaidInFewDigits()
    {
        var gate = new DistributionGate { Statistic = "wasserstein", Margin = 0.3, Confidence = 0.95, MinSamples = 100, MaxSamples = 100 };
        SortedSample Constant(double value) => SortedSample.Of([.. Enumerable.Repeat(value, 100)]);
        var result = DistributionTest.Judge(gate, Constant(5), Constant(6), 0.95);
        Assert.Equal(Verdict.Failed, result.Verdict);
        Assert.InRange(result.Summary.Length, 1, 250);
    }

    [Fact]
    public void Evidence_FiguresThatAreNoNumbers_AreNullInJson()
    {
        var result = new GateResult
        {
            Gate = "distribution-ks",
            Verdict = Verdict.Inconclusive,
            Value = double.NaN,
            IntervalHigh = double.PositiveInfinity,
            Threshold = 0.1,
            Unit = "D",
            Samples = 0,
            Summary = "",
        };
        var scores = new DistributionEvidence
        {
            Green = new() { Scores = [0.5, double.NaN] },
            Blue = SideScores.Empty,
            Available = 2,
            MinSamples = 1,
            MaxSamples = 2,
            Fewest = 100,
            ToleratedMissingShare = 0.05,
        };
        var evidence = GateEvidence.Of("distribution", result) with { Distribution = scores };
        var json = JsonSerializer.Serialize(evidence, EvidenceJson.Default.GateEvidence);
        var read = JsonSerializer.Deserialize(json, EvidenceJson.Default.GateEvidence)!;
        Assert.Equal((null, null, 0.1), (read.Results[0].Value, read.Results[0].IntervalHigh, read.Results[0].Threshold));
        Assert.Equal([0.5, double.NaN], read.Distribution!.Green.Scores);
    }
}
