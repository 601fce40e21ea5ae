using BlueGreen.Prewarmer.Warming;

namespace BlueGreen.Prewarmer.Tests;

public sealed class FlatnessTests
{
    private const int Window = 30;
    private static readonly FlatnessTest Test = new(Window, 3, 0.05, TimeSpan.FromMilliseconds(0.25));

    [Theory]
    [InlineData(0.4, 0.3)]
    [InlineData(20, 0.1)]
    [InlineData(20, 0.5)]
    public void Judge_NoisyButStationary_IsFlatMoreOftenThanNot(double level, double sigma)
    {
        var random = new Random(1);
        var flat = Enumerable.Range(0, 400).Count(_ => Test.Judge(LogNormal(random, _ => level, sigma)).IsFlat);
        Assert.InRange(flat, 240, 400);
    }

    [Fact]
    public void Judge_TwoModes_IsFlat()
    {
        var random = new Random(2);
        double[] latencies = [.. Enumerable.Range(0, 3 * Window).Select(_ => random.NextDouble() < 0.4 ? 9.0 : 1.0)];
        Assert.True(Test.Judge(latencies).IsFlat);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Judge_StillFalling_IsNotFlat(double sigma)
    {
        var random = new Random(3);
        var flat = Enumerable.Range(0, 400).Count(_ => Test.Judge(LogNormal(random, i => 40 * Math.Exp(-i / 60.0), sigma)).IsFlat);
        Assert.InRange(flat, 0, 4);
    }

    [Fact]
    public void Judge_SlowDeclineHiddenBetweenNeighbours_IsFoundByItsTrend()
    {
        var random = new Random(4);
        var verdict = Test.Judge(LogNormal(random, i => 20 - (0.05 * i), 0.08));
        Assert.False(verdict.IsFlat, verdict.Description);
    }

    [Fact]
    public void Judge_SlowPathOfAThirdGoesAway_IsNotFlat()
    {
        double[] latencies = [.. Enumerable.Range(0, 3 * Window).Select(i => i < 2 * Window && i % 3 == 0 ? 80.0 : 5.0 + (0.001 * i))];
        var verdict = Test.Judge(latencies);
        Assert.False(verdict.IsFlat);
        Assert.Contains("90th percentile still falls", verdict.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_SubMillisecondDifferencesWithinTheFloor_AreFlat()
    {
        double[] latencies = [.. Enumerable.Range(0, 3 * Window).Select(i => 0.5 - (0.2 * i / (3 * Window)))];
        Assert.True(Test.Judge(latencies).IsFlat);
    }

    [Fact]
    public void Judge_RisingLatency_IsNotFlat()
    {
        var verdict = Test.Judge([.. Enumerable.Range(0, 3 * Window).Select(i => 5.0 + i)]);
        Assert.False(verdict.IsFlat);
        Assert.Contains("rises", verdict.Description, StringComparison.Ordinal);
    }

    /// <summary>Series and S from the definition of the test; z = (S ± 1)/√Var with Var = n(n−1)(2n+5)/18 for distinct values.</summary>
    [Fact]
    public void TrendTest_Monotone_GivesTheTextbookStatistic()
    {
        var variance = 10 * 9 * 25 / 18.0;
        double[] rising = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Assert.Equal(44 / Math.Sqrt(variance), TrendTest.Z(rising), 12);
        Assert.Equal(-44 / Math.Sqrt(variance), TrendTest.Z([.. rising.Reverse()]), 12);
        Assert.Equal(0, TrendTest.Z([3, 3, 3, 3]));
    }

    [Fact]
    public void QuantileRanks_Median30_EncloseItWithAtLeast80Percent()
    {
        // P(B ≤ 10) = 0.049 and P(B ≤ 11) = 0.1002 for B binomial (30, 0.5): from the 11th value to the 20th, at least 80 %.
        Assert.Equal(new QuantileRanks(0.5, 10, 19), QuantileRanks.Of(30, 0.5));
    }

    private static double[] LogNormal(Random random, Func<int, double> level, double sigma) =>
        [.. Enumerable.Range(0, 3 * Window).Select(i => level(i) * Math.Exp(sigma * Gauss(random)))];

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
