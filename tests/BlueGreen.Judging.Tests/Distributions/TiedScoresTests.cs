using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Statistics;
using CsCheck;

namespace BlueGreen.Judging.Tests.Distributions;

public sealed class TiedScoresTests
{
    [Theory]
    [InlineData("psi")]
    [InlineData("kl")]
    [InlineData("jensen-shannon")]
    [InlineData("chi-square")]
    public void Judge_TiedBaselineAndAShift_Fails(string statistic)
    {
        var gate = Gate(statistic);
        var mostlyZeros = Of((950, 0), (50, 1));
        Assert.Equal(Verdict.Failed, DistributionTest.Judge(gate, mostlyZeros, Of((1000, 1)), 0.95).Verdict);
        Assert.Equal(Verdict.Failed, DistributionTest.Judge(gate, Of((1000, 5)), Of((1000, 6)), 0.95).Verdict);
        Assert.Equal(Verdict.Failed, DistributionTest.Judge(gate with { Bins = 2 }, Of((1000, 5)), Of((1000, 6)), 0.95).Verdict);
        Assert.Equal(Verdict.Failed, DistributionTest.Judge(gate, Of((1000, 5)), Of((1000, 4)), 0.95).Verdict);
        Assert.Equal(Verdict.Passed, DistributionTest.Judge(gate, mostlyZeros, Of((960, 0), (40, 1)), 0.95).Verdict);
        Assert.Equal(Verdict.Passed, DistributionTest.Judge(gate, Of((1000, 5)), Of((1000, 5)), 0.95).Verdict);
    }

    [Fact]
    public void Quantile_TiedEdge_HasABinOfItsOwn()
    {
        var baseline = Of((50, -1), (900, 0), (50, 2));
        var bins = Bins.By(BinRule.Quantile, 10, baseline, baseline);
        Assert.Equal([0, double.Epsilon], bins.Edges);
        Assert.Equal([50, 900, 50], bins.CountsOf(baseline));
        Assert.Equal([1, 0, 1], bins.CountsOf(Of((1, -0.5), (1, 0.5))));
        var largest = Of((10, double.MaxValue));
        Assert.Equal([double.MaxValue], Bins.By(BinRule.Quantile, 10, largest, largest).Edges);
    }

    [Fact]
    public void Bins_HoldEveryValueOnce_HoweverTheBaselineIsTied() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 60], Gen.Int[-1, 6].Array[1, 60], Gen.Int[2, 20]).Sample((x, y, count) =>
        {
            SortedSample baseline = SortedSample.Of([.. x.Select(value => (double)value)]), candidate = SortedSample.Of([.. y.Select(value => (double)value)]);
            foreach (var rule in Enum.GetValues<BinRule>())
            {
                var bins = Bins.By(rule, count, baseline, candidate);
                Assert.Equal(bins.Edges.Order(), bins.Edges);
                foreach (var sample in new[] { baseline, candidate })
                {
                    Assert.Equal(sample.Count, bins.CountsOf(sample).Sum());
                    Assert.All(bins.CountsOf(sample), held => Assert.True(held >= 0));
                }
            }
        });

    private static DistributionGate Gate(string statistic) => new()
    {
        Statistic = statistic,
        Margin = DistributionStatistic.Find(statistic)!.DefaultMargin,
        Confidence = 0.95,
        MinSamples = 1000,
        MaxSamples = 1000,
    };

    private static SortedSample Of(params (int Count, double Value)[] values) =>
        SortedSample.Of([.. values.SelectMany(group => Enumerable.Repeat(group.Value, group.Count))]);
}
