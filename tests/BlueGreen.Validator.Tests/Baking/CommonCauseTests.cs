using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;

namespace BlueGreen.Validator.Tests.Baking;

/// <summary>What blue suffers of the same requests is not green's doing. The bake is the default policy's: an hour, two at most, a look every 30 seconds.</summary>
public sealed class CommonCauseTests
{
    private static readonly WindowSum Hour = Traffic.Second(20 * 1000, 0, 0, 3);
    private static readonly WindowSum HourOfCopies = Traffic.Copies(2 * 1000, 0, 0);

    /// <summary>20 requests a second of which a tenth is copied; all that both were asked within one or two seconds failed.</summary>
    [Theory]
    [InlineData(0.01, 20, 2)]
    [InlineData(0.01, 20, 1)]
    [InlineData(0.05, 60, 6)]
    [InlineData(0.20, 180, 14)]
    public void Look_BothFailTheSameRequests_IsCommonWithinTheSecond(double high, int errors, int copied)
    {
        var judge = Look(high, Traffic.Second(600, errors, 0, 3), Traffic.Copies(60, copied, copied));
        Assert.Null(judge.Failure);
        Assert.Equal(Verdict.Inconclusive, judge.Results.Single().Verdict);
        Assert.Contains($"but blue too: {copied} of the {copied} copies of such requests: a common cause", judge.WhyNotPassed(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 2, 0)]
    [InlineData(20, 3, 1)]
    [InlineData(600, 60, 1)]
    [InlineData(600, 60, 20)]
    public void Look_BlueAnswersWhatGreenFails_FailsAtOnce(int errors, int copied, int both)
    {
        var judge = Look(0.01, Traffic.Second(600, errors, 0, 3), Traffic.Copies(60, copied, both));
        Assert.StartsWith("error-rate: ", judge.Failure, StringComparison.Ordinal);
        Assert.Contains("in the recent window", judge.Failure, StringComparison.Ordinal);
    }

    /// <summary>Blue is slightly above its limit as it always was; green fails every other request.</summary>
    [Fact]
    public void Look_BlueIsIllToo_ButGreenClearlyWorse_Fails()
    {
        var judge = Look(0.01, Traffic.Second(600, 300, 0, 3), Traffic.Second(60, 3, 0, 3));
        Assert.NotNull(judge.Failure);
    }

    /// <summary>Blue's own requests while traffic is shifted: no copies, the same limit in the same stretch.</summary>
    [Theory]
    [InlineData(5, null)]
    [InlineData(0, "in the recent window")]
    public void Look_BluesOwnRequests_AreHeldAgainstTheSameLimit(int errors, string? failure)
    {
        var judge = Look(0.01, Traffic.Second(600, 40, 0, 3), Traffic.Second(60, errors, 0, 3));
        Assert.Equal(failure is null, judge.Failure is null);
        if (failure is not null) Assert.Contains(failure, judge.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_BothBecomeSlow_IsCommon()
    {
        var judge = Look(new BakeMetric { Name = "latency-p99", High = 100 }, Traffic.Second(600, 0, 0, 8), Traffic.Copies(60, 0, 0, bucket: 8));
        Assert.Null(judge.Failure);
        Assert.Contains("a common cause", judge.WhyNotPassed(), StringComparison.Ordinal);
        Assert.NotNull(Look(new BakeMetric { Name = "latency-p99", High = 100 }, Traffic.Second(600, 0, 0, 8), Traffic.Copies(60, 0, 0)).Failure);
    }

    /// <summary>The outage is over and was both's; what green does now is its own.</summary>
    [Fact]
    public void Look_GreenFailsAloneAfterACommonOutage_Fails()
    {
        var judge = Judge(new BakeMetric { Name = "error-rate", High = 0.01 });
        judge.Look(
            new(Hour.Plus(Traffic.Second(600, 560, 0, 3))!, []), new(Traffic.Second(600, 60, 0, 3), []),
            new(new(HourOfCopies.Plus(Traffic.Copies(60, 56, 50))!, []), new(Traffic.Copies(60, 6, 0), [])));
        Assert.Contains("in the recent window", judge.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 0, true)]
    [InlineData(60, 1, false)]
    [InlineData(0, 0, false)]
    public void AwaitsBlue_OnlyWhenItGetsCopiesAndHasSaidNothing(int copies, int ofFailed, bool awaits)
    {
        var (green, blue) = (Traffic.Second(600, 40, 0, 3), Traffic.Copies(copies, ofFailed, 0));
        var judge = Judge(new BakeMetric { Name = "error-rate", High = 0.01 });
        Assert.Equal(awaits, judge.AwaitsBlue(new(green, []), new(green, []), new(new(blue, []), new(blue, []))));
        Assert.Equal(0, judge.Looks);
    }

    [Theory]
    [InlineData(100, 0, 0, Verdict.Failed)]
    [InlineData(30, 0, 0, Verdict.Failed)]
    [InlineData(15, 0, 0, Verdict.Passed)]
    [InlineData(100, 90, 0, Verdict.Passed)]
    [InlineData(40, 0, 4, Verdict.Inconclusive)]
    public void ClientErrorRate_WithoutALimit_IsHeldAgainstBlues(int percent, int percentBefore, int bothOfTen, Verdict expected)
    {
        var judge = Judge(new BakeMetric { Name = "client-error-rate" });
        Assert.True(judge.WantsBlueBefore);
        judge.BlueBefore = Traffic.Second(10_000, 0, 0, 3) with { ClientErrors = percentBefore * 100 };
        var green = Traffic.Second(1000, 0, 0, 3) with { ClientErrors = percent * 10 };
        var copies = Traffic.Second(10, 0, 0, 3) with { ClientErrors = bothOfTen, Copies = new(10, 0, 0, 4, bothOfTen) };
        judge.Look(new(green, []), new(green, []), new(new(copies, []), new(copies, [])));
        Assert.Equal(expected, judge.Results.Single().Verdict);
    }

    [Fact]
    public void ClientErrorRate_WithoutALimitAndWithoutBlue_IsNotApplicable_AndStopsNothing()
    {
        var judge = Judge(new BakeMetric { Name = "error-rate", High = 0.01 }, new BakeMetric { Name = "client-error-rate" });
        var green = Traffic.Second(1000, 0, 0, 3) with { ClientErrors = 400 };
        judge.Look(new(green, []), new(green, []));
        Assert.Equal([Verdict.Passed, Verdict.NotApplicable], judge.Results.Select(result => result.Verdict));
        Assert.True(judge.AllPassed);
    }

    [Theory]
    [InlineData(50, Verdict.Passed)]
    [InlineData(200, Verdict.Failed)]
    public void ClientErrorRate_WithALimit_IsHeldAgainstThat(int refused, Verdict expected)
    {
        var judge = Judge(new BakeMetric { Name = "client-error-rate", High = 0.1 });
        var green = Traffic.Second(1000, 0, 0, 3) with { ClientErrors = refused };
        judge.Look(new(green, []), new(green, []));
        Assert.Equal(expected, judge.Results.Single().Verdict);
    }

    private static BakeJudge Look(double high, WindowSum green, WindowSum blue) => Look(new BakeMetric { Name = "error-rate", High = high }, green, blue);

    /// <summary>A quarter of an hour that was clean, and this.</summary>
    private static BakeJudge Look(BakeMetric metric, WindowSum green, WindowSum blue)
    {
        var judge = Judge(metric);
        judge.Look(
            new(Hour.Plus(green)!, []), new(green, []), new(new(HourOfCopies.Plus(blue)!, []), new(blue, [])));
        return judge;
    }

    private static BakeJudge Judge(params BakeMetric[] metrics)
    {
        var policy = Traffic.Policy(metrics) with
        {
            Duration = TimeSpan.FromHours(1),
            MaxDuration = TimeSpan.FromHours(2),
            Interval = TimeSpan.FromSeconds(30),
        };
        return new(policy, policy.Interval, 0.01);
    }
}
