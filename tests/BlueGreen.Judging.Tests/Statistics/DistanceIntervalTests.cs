using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Tests.Statistics;

/// <summary>Monte Carlo with fixed seeds: what the documentation promises of the interval, it keeps.</summary>
public sealed class DistanceIntervalTests
{
    private const int Runs = 2000;
    private const double Confidence = 0.95;

    [Fact]
    public void Interval_IdenticalDistributions_AreWithinAMarginOf15PercentAlmostAlways()
    {
        var passed = Simulate(1, 1000, random => random.NextDouble(), random => random.NextDouble())
            .Count(interval => interval.High <= 0.15);
        Assert.InRange(passed, 0.99 * Runs, Runs);
    }

    [Fact]
    public void Interval_TrueDistance35Percent_IsBeyondAMarginOf15PercentAlways()
    {
        var failed = Simulate(2, 1000, random => random.NextDouble(), random => random.NextDouble() + 0.35)
            .Count(interval => interval.Low > 0.15);
        Assert.InRange(failed, 0.999 * Runs, Runs);
    }

    /// <summary>Four standard errors of a 2.5 % share over the runs: 1.4 %.</summary>
    [Theory]
    [InlineData(0.0, 200, false)]
    [InlineData(0.0, 1000, true)]
    [InlineData(0.05, 500, false)]
    [InlineData(0.15, 500, false)]
    [InlineData(0.15, 1000, true)]
    [InlineData(0.5, 200, false)]
    [InlineData(0.9, 100, false)]
    public void Interval_ShiftedUniform_CoversTheTrueDistance(double distance, int size, bool rounded)
    {
        // Rounding to a grid that the shift is a multiple of leaves the true distance as it is and makes ties.
        double Grid(double value) => rounded ? Math.Floor(value * 20) / 20 : value;
        var intervals = Simulate(3, size, random => Grid(random.NextDouble()), random => Grid(random.NextDouble() + distance)).ToArray();
        Assert.InRange(intervals.Count(interval => interval.Low > distance + 1e-9), 0, (0.025 + 0.014) * Runs);
        Assert.InRange(intervals.Count(interval => interval.High < distance - 1e-9), 0, (0.025 + 0.014) * Runs);
    }

    /// <summary>One narrow peak moved from one side of 0.5 to the other: |F − G| is largest at a single point.</summary>
    [Fact]
    public void Interval_DistanceAtOnePoint_CoversTheTrueDistance()
    {
        const double distance = 0.15;
        var intervals = Simulate(
            4, 500,
            random => random.NextDouble() < distance ? 0.49 : random.NextDouble(),
            random => random.NextDouble() < distance ? 0.51 : random.NextDouble()).ToArray();
        Assert.InRange(intervals.Count(interval => interval.Low > distance), 0, (0.025 + 0.014) * Runs);
        Assert.InRange(intervals.Count(interval => interval.High < distance), 0, (0.025 + 0.014) * Runs);
    }

    [Fact]
    public void Interval_AlwaysHoldsTheObservedDistance()
    {
        var random = new Random(5);
        for (var run = 0; run < 200; run++)
        {
            var distance = KolmogorovSmirnov.Compare(Draw(random, 30, r => r.NextDouble()), Draw(random, 70, r => r.NextDouble() * 2));
            var interval = DistanceInterval.Of(distance, Confidence);
            Assert.InRange(distance.D, interval.Low, interval.High);
        }
    }

    private static IEnumerable<DistanceInterval> Simulate(int seed, int size, Func<Random, double> one, Func<Random, double> other)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, Runs).Select(_ =>
            DistanceInterval.Of(KolmogorovSmirnov.Compare(Draw(random, size, one), Draw(random, size, other)), Confidence));
    }

    private static SortedSample Draw(Random random, int size, Func<Random, double> draw) =>
        SortedSample.Of([.. Enumerable.Range(0, size).Select(_ => draw(random))]);
}
