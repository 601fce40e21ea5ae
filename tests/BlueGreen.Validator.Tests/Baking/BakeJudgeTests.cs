using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class BakeJudgeTests
{
    private const double Budget = 0.01;

    [Theory]
    [InlineData("error-rate", 0.01, 100, 0, 0, 3, Verdict.Passed)]
    [InlineData("error-rate", 0.01, 100, 20, 0, 3, Verdict.Failed)]
    [InlineData("error-rate", 0.01, 100, 2, 0, 3, Verdict.Inconclusive)]
    [InlineData("error-rate", 0.0, 100, 1, 0, 3, Verdict.Failed)]
    [InlineData("error-rate", 0.01, 49, 49, 0, 3, Verdict.Inconclusive)]
    [InlineData("error-rate", 0.01, 0, 0, 0, 3, Verdict.Inconclusive)]
    [InlineData("null-rate", 0.01, 100, 0, 20, 3, Verdict.Failed)]
    [InlineData("null-rate", 0.01, 100, 50, 0, 3, Verdict.Passed)]
    [InlineData("latency-p99", 100, 100, 0, 0, 3, Verdict.Passed)]
    [InlineData("latency-p99", 100, 100, 0, 0, 8, Verdict.Failed)]
    [InlineData("latency-p50", 100, 100, 0, 0, 10, Verdict.Failed)]
    [InlineData("latency-p95", 5000, 100, 0, 0, 10, Verdict.Inconclusive)]
    [InlineData("made-up", 1, 100, 0, 0, 3, Verdict.Inconclusive)]
    public void Look_OneMetric_GivesItsVerdict(string name, double high, int requests, int errors, int nulls, int bucket, Verdict expected)
    {
        var judge = Judge(new BakeMetric { Name = name, High = high });
        var reading = new RouterReading(Traffic.Second(requests, errors, nulls, bucket), []);
        judge.Look(reading, reading);
        Assert.Equal(expected, Assert.Single(judge.Results).Verdict);
        Assert.Equal(expected == Verdict.Passed, judge.AllPassed);
        Assert.Equal(expected == Verdict.Failed, judge.Failure is not null);
    }

    /// <summary>Compressed, too large, of an unknown media type: an answer that nobody looked at had no null in it that anybody saw.</summary>
    [Theory]
    [InlineData(0, 0, Verdict.Inconclusive)]
    [InlineData(49, 0, Verdict.Inconclusive)]
    [InlineData(60, 0, Verdict.Passed)]
    [InlineData(60, 20, Verdict.Failed)]
    public void Look_NullRate_IsOfTheAnswersThatWereRead(int inspected, int nulls, Verdict expected)
    {
        var judge = Judge(new BakeMetric { Name = "null-rate", High = 0.05 });
        var reading = new RouterReading(Traffic.Second(1000, 0, nulls, 3) with { Inspected = inspected }, []);
        judge.Look(reading, reading);
        Assert.Equal((expected, inspected), (judge.Results.Single().Verdict, judge.Results.Single().Samples));
        if (inspected == 0) Assert.Contains("0 answers that could be read since the switch", judge.WhyNotPassed(), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_BelowTheLowerLimit_Fails()
    {
        var judge = Judge(new BakeMetric { Name = "latency-p50", Low = 2, High = 100 });
        var reading = new RouterReading(Traffic.Second(100, 0, 0, 0), []);
        judge.Look(reading, reading);
        Assert.NotNull(judge.Failure);
    }

    [Fact]
    public void Look_TroubleBeginsLate_IsSeenUndilutedByACleanPast()
    {
        var judge = Judge(Traffic.ErrorRate());
        judge.Look(new(Traffic.Second(300_000, 0, 0, 3) with { Errors = 60 }, []), new(Traffic.Second(1000, 60, 0, 3), []));
        Assert.Contains("in the recent window", judge.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_SmallExcessOverLongTime_AddsUp()
    {
        var judge = Judge(Traffic.ErrorRate());
        judge.Look(new(Traffic.Second(300_000, 3600, 0, 3), []), new(Traffic.Second(1000, 12, 0, 3), []));
        Assert.Contains("since the switch", judge.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_FailureLimit3_NeedsThreeFailedLooksWithoutAPassBetween()
    {
        var judge = Judge(Traffic.ErrorRate(failureLimit: 3));
        var (good, bad, empty) = (Reading(0), Reading(50), new RouterReading(WindowSum.Empty, []));
        foreach (var reading in new[] { bad, bad, good, bad, bad, empty }) judge.Look(reading, reading);
        Assert.Null(judge.Failure);
        judge.Look(bad, bad);
        Assert.NotNull(judge.Failure);
    }

    [Fact]
    public void Look_ARouterIsMissing_MayFailButNeverPass()
    {
        var judge = Judge(Traffic.ErrorRate());
        judge.Look(Reading(0) with { Missing = ["b"] }, Reading(0));
        Assert.False(judge.AllPassed);
        Assert.Contains("not every router can be read (b)", judge.WhyNotPassed(), StringComparison.Ordinal);
        judge.Look(Reading(50) with { Missing = ["b"] }, Reading(50));
        Assert.NotNull(judge.Failure);
    }

    [Fact]
    public void Look_TrafficHasStopped_IsNoPass()
    {
        var judge = Judge(Traffic.ErrorRate());
        judge.Look(Reading(0), new(WindowSum.Empty, []));
        Assert.False(judge.AllPassed);
    }

    [Fact]
    public void Look_NoMetrics_NeverPasses()
    {
        var judge = Judge();
        judge.Look(Reading(0), Reading(0));
        Assert.False(judge.AllPassed);
    }

    /// <summary>Every true value exactly at its limit, the worst that still is clean; a look every half second, as the demo has it.</summary>
    [Fact]
    public void Looks_CleanBakesAtTheLimit_AreRolledBackLessThanOncePerHundred()
    {
        const int bakes = 400;
        var random = new Random(1);
        var rolledBack = Enumerable.Range(0, bakes).Count(_ => Bake(random, 0.01, 0.01, 0.01, out var _));
        Assert.InRange(rolledBack, 0, bakes / 100);
    }

    [Theory]
    [InlineData(0.20, 2)]
    [InlineData(0.05, 10)]
    public void Looks_BrokenBake_FailsWithinSeconds(double errorShare, int seconds)
    {
        var random = new Random(2);
        for (var run = 0; run < 50; run++)
        {
            Assert.True(Bake(random, errorShare, 0, 0, out var second));
            Assert.InRange(second, 0, seconds);
        }
    }

    /// <summary>Runs the longest bake at 100 requests a second.</summary>
    private static bool Bake(Random random, double errors, double nulls, double slow, out int second)
    {
        var policy = Traffic.Policy(
            Traffic.ErrorRate(), new BakeMetric { Name = "null-rate", High = 0.01 }, new BakeMetric { Name = "latency-p99", High = 100 });
        var judge = new BakeJudge(policy, policy.Interval, Budget);
        var traffic = new Traffic(DateTimeOffset.UnixEpoch);
        for (second = 1; second <= 30; second++)
        {
            traffic.Then(Second(random, 100, errors, nulls, slow));
            for (var look = 0; look < 2; look++)
            {
                judge.Look(new(traffic.Sum(0, second), []), new(traffic.Sum(Math.Max(0, second - 10), second), []));
                if (judge.Failure is not null) return true;
            }
        }

        return false;
    }

    private static WindowSum Second(Random random, int requests, double errors, double nulls, double slow)
    {
        int Draw(double share) => Enumerable.Range(0, requests).Count(_ => random.NextDouble() < share);
        var late = Draw(slow);
        var counts = new long[Traffic.Bounds.Length];
        (counts[3], counts[8]) = (requests - late, late);
        return new(requests, Draw(errors), Draw(nulls), new(Traffic.Bounds, counts)) { Inspected = requests };
    }

    private static RouterReading Reading(int errors) => new(Traffic.Second(100, errors, 0, 3), []);

    private static BakeJudge Judge(params BakeMetric[] metrics)
    {
        var policy = Traffic.Policy(metrics);
        return new(policy, policy.Interval, Budget);
    }
}
