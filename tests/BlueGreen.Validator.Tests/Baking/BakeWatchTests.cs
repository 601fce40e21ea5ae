using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;
using BlueGreen.Validator.Evidence;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class BakeWatchTests
{
    private static readonly DateTimeOffset SwitchedAt = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(SwitchedAt);
    private readonly Traffic _traffic = new(SwitchedAt);
    private readonly LivePairs _pairs = new(SwitchedAt);
    private readonly KeptBakes _records = new();

    [Fact]
    public async Task Bake_CleanTraffic_PassesWhenTheDurationHasElapsed()
    {
        _traffic.Then(60, 100);
        var passed = Assert.IsType<BakingPassed>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Equal(3, passed.Attempt);
        Assert.Equal(TimeSpan.FromSeconds(15), _time.GetUtcNow() - SwitchedAt);
        Assert.Equal(Verdict.Passed, Assert.Single(passed.Metrics).Verdict);
    }

    [Fact]
    public async Task Bake_LimitBreaks_FailsAtOnce()
    {
        _traffic.Then(4, 100).Then(60, 100, errors: 30);
        var failed = Assert.IsType<BakingFailed>(await BakeAsync(Traffic.ErrorRate()));
        Assert.InRange(_time.GetUtcNow() - SwitchedAt, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.StartsWith("error-rate: ", failed.Reason, StringComparison.Ordinal);
        Assert.Equal("fraud", failed.Endpoint);
    }

    [Fact]
    public async Task Bake_NoTrafficAtAll_IsInconclusiveAtTheLongestDuration()
    {
        Assert.IsType<BakingInconclusive>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Equal(TimeSpan.FromSeconds(30), _time.GetUtcNow() - SwitchedAt);
    }

    [Fact]
    public async Task Bake_DataComesLate_IsExtendedAndPasses()
    {
        _traffic.Then(20, 0).Then(60, 100);
        Assert.IsType<BakingPassed>(await BakeAsync(Traffic.ErrorRate()));
        Assert.InRange(_time.GetUtcNow() - SwitchedAt, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(23));
    }

    [Fact]
    public async Task Bake_RouterNeverAnswers_IsInconclusive()
    {
        _traffic.Then(60, 100);
        _traffic.Missing = ["http://router"];
        var inconclusive = Assert.IsType<BakingInconclusive>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Contains("not every router can be read", inconclusive.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bake_NoMetricsInThePolicy_IsInconclusive() => Assert.IsType<BakingInconclusive>(await BakeAsync());

    [Fact]
    public async Task Bake_TakenUpAgainAfterACrash_GoesOnFromTheSwitch()
    {
        _traffic.Then(60, 100);
        _time.Advance(TimeSpan.FromSeconds(17));
        Assert.IsType<BakingPassed>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Equal(TimeSpan.FromSeconds(17), _time.GetUtcNow() - SwitchedAt);
    }

    [Fact]
    public async Task Bake_IntervalLongerThanTheDuration_StillDecidesAtTheDuration()
    {
        _traffic.Then(60, 100);
        Assert.IsType<BakingPassed>(await BakeAsync(TimeSpan.FromSeconds(40), Traffic.ErrorRate()));
        Assert.Equal(TimeSpan.FromSeconds(15), _time.GetUtcNow() - SwitchedAt);
    }

    /// <summary>The gate beats the timer: what breaks in the very second in which the bake would have passed still fails it.</summary>
    [Fact]
    public async Task Bake_LimitBreaksAtTheVeryEnd_FailsInsteadOfPassing()
    {
        _traffic.Then(15, 100).Then(60, 100, errors: 60);
        Assert.IsType<BakingFailed>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Equal(TimeSpan.FromSeconds(15), _time.GetUtcNow() - SwitchedAt);
    }

    [Fact]
    public async Task Bake_BlueSuffersTheSame_IsReportedAsCommonAndDoesNotFail()
    {
        _traffic.Then(60, 100, errors: 30);
        _traffic.Blue = Guid.NewGuid();
        var inconclusive = Assert.IsType<BakingInconclusive>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Contains("but blue too", inconclusive.Reason, StringComparison.Ordinal);
        Assert.Contains("a common cause", inconclusive.Reason, StringComparison.Ordinal);
    }

    /// <summary>20 requests a second, a tenth of them copied; the store that both models ask dies for two seconds, late in the bake.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    public async Task Bake_BothFailForTwoSecondsLateInTheBake_DoesNotFail(double high)
    {
        _traffic.Then(10, 20).Then(2, 20, errors: 20).Then(60, 20);
        (_traffic.Blue, _traffic.Copied) = (Guid.NewGuid(), second => Traffic.Copies(2, second.Errors > 0 ? 2 : 0, second.Errors > 0 ? 2 : 0));
        var outcome = await BakeAsync(Traffic.ErrorRate(high));
        Assert.IsNotType<BakingFailed>(outcome);
        Assert.Contains(_records.Kept!.Looks, look => look.Metrics[0].Summary.Contains("a common cause", StringComparison.Ordinal));
    }

    /// <summary>Blue's word costs a green that fails alone nothing where there is one, and two seconds at most where there could be.</summary>
    [Theory]
    [InlineData(false, 2, 0)]
    [InlineData(true, 2, 0)]
    [InlineData(true, 0, 2)]
    public async Task Bake_GreenFailsAlone_FailsAtOnceWhateverIsCopied(bool isCopied, int ofFailed, double later)
    {
        _traffic.Then(10, 20).Then(60, 20, errors: 20);
        if (isCopied) (_traffic.Blue, _traffic.Copied) = (Guid.NewGuid(), second => Traffic.Copies(2, second.Errors > 0 ? ofFailed : 0, 0));
        Assert.IsType<BakingFailed>(await BakeAsync(Traffic.ErrorRate()));
        Assert.Equal(TimeSpan.FromSeconds(10 + later), _time.GetUtcNow() - SwitchedAt);
    }

    /// <summary>A model that has renamed an input answers 422 to everyone, and none of that is an error of the server's.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(60, false)]
    public async Task Bake_GreenRefusesWhatItIsAsked_FailsUnlessBlueDidSoToo(int refusedBefore, bool fails)
    {
        for (var i = 0; i < 60; i++) _traffic.Then(Traffic.Second(20, 0, 0, 3) with { ClientErrors = fails ? 20 : 12 });
        _traffic.Blue = Guid.NewGuid();
        _traffic.Copied = _ => WindowSum.Empty;
        _traffic.Before = Traffic.Second(1000, 0, 0, 3) with { ClientErrors = refusedBefore * 10 };
        var outcome = await BakeAsync(Traffic.ErrorRate(), new BakeMetric { Name = "client-error-rate" });
        if (!fails)
        {
            Assert.IsType<BakingPassed>(outcome);
            return;
        }

        var failed = Assert.IsType<BakingFailed>(outcome);
        Assert.StartsWith("client-error-rate: 100% (", failed.Reason, StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow() - SwitchedAt, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Bake_PairsAreFarApart_FailsOnTheSameInputs()
    {
        _traffic.Then(60, 100);
        _traffic.Blue = Guid.NewGuid();
        _pairs.Green = blue => blue + 1;
        var failed = Assert.IsType<BakingFailed>(await BakeAsync(TimeSpan.FromMilliseconds(500), PairJudgeTests.Ks(), Traffic.ErrorRate()));
        Assert.StartsWith("live-distribution-ks: ", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("the same live inputs", failed.Reason, StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow() - SwitchedAt, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Bake_NothingIsMirrored_IsExtendedAndThenInconclusive()
    {
        _traffic.Then(60, 100);
        _traffic.Blue = Guid.NewGuid();
        _pairs.PerSecond = 0;
        var inconclusive = Assert.IsType<BakingInconclusive>(await BakeAsync(TimeSpan.FromMilliseconds(500), PairJudgeTests.Ks(), Traffic.ErrorRate()));
        Assert.StartsWith("live-distribution-ks: 0 live requests answered by both colours, fewer than 200", inconclusive.Reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(30), _time.GetUtcNow() - SwitchedAt);
    }

    [Fact]
    public async Task Bake_PairsAgree_PassesAtItsDuration_AndEveryLookIsKept()
    {
        _traffic.Then(60, 100);
        _traffic.Blue = Guid.NewGuid();
        Assert.IsType<BakingPassed>(await BakeAsync(TimeSpan.FromMilliseconds(500), PairJudgeTests.Ks(), Traffic.ErrorRate()));
        Assert.Equal(TimeSpan.FromSeconds(15), _time.GetUtcNow() - SwitchedAt);
        var kept = _records.Kept!;
        Assert.Equal((Verdict.Passed, 31, 31), (kept.Verdict, kept.Taken, kept.Looks.Count));
        Assert.Equal(["error-rate", "live-distribution-ks"], kept.Looks[^1].Metrics.Select(metric => metric.Gate));
        Assert.All(kept.Looks[^1].Metrics, metric => Assert.Equal(Verdict.Passed, metric.Verdict));
        Assert.Equal(0.01, kept.Policy.Metrics.Single().High);
        Assert.Equal(kept.Pairs!.Outputs.Single().Green, kept.Pairs.Outputs.Single().Blue);
    }

    [Fact]
    public async Task Bake_ThatFailed_KeepsTheReadingThatFailedIt()
    {
        _traffic.Then(4, 100).Then(60, 100, errors: 30);
        var failed = Assert.IsType<BakingFailed>(await BakeAsync(Traffic.ErrorRate()));
        var kept = _records.Kept!;
        Assert.Equal((Verdict.Failed, failed.Reason), (kept.Verdict, kept.Reason));
        Assert.Equal(Verdict.Passed, kept.Looks[^2].Metrics.Single().Verdict);
        Assert.Equal(failed.Metrics, kept.Looks[^1].Metrics);
    }

    [Fact]
    public async Task Bake_EvidenceCannotBeKept_GoesOnAndHasItsVerdict()
    {
        _traffic.Then(60, 100);
        _records.IsAway = true;
        Assert.IsType<BakingPassed>(await BakeAsync(Traffic.ErrorRate()));
    }

    [Fact]
    public void Blue_IsProbedEveryHalfMinute() => Assert.Equal(TimeSpan.FromSeconds(30), new BakeOptions().BlueProbeInterval);

    private Task<object> BakeAsync(params BakeMetric[] metrics) => BakeAsync(TimeSpan.FromMilliseconds(500), metrics);

    private Task<object> BakeAsync(TimeSpan interval, params BakeMetric[] metrics) => BakeAsync(interval, null, metrics);

    private async Task<object> BakeAsync(TimeSpan interval, BakeComparison? comparison, params BakeMetric[] metrics)
    {
        var options = Options.Create(new BakeOptions());
        // Blue has no replicas here: nothing of its watch is used.
        var blue = new BlueWatch(null!, null!, null!, options, _time, NullLogger<BlueWatch>.Instance);
        var round = new BakeRound(_traffic, _pairs, new MetricSources([], new ConfigurationBuilder().Build()), options, _time, new ValidatorMetrics());
        var recorder = new BakeRecorder(_records, Options.Create(new EvidenceOptions()), _time, NullLogger<BakeRecorder>.Instance);
        var watch = new BakeWatch(round, blue, recorder, options, _time, NullLogger<BakeWatch>.Instance);
        _pairs.Now = () => _time.GetUtcNow();
        var running = watch.RunAsync(
            new BeginBaking
            {
                DeploymentId = Guid.NewGuid(),
                Attempt = 3,
                Endpoint = "fraud",
                SwitchedAt = SwitchedAt,
                Green = Fleet(Guid.NewGuid()),
                Blue = _traffic.Blue is { } id ? Fleet(id) : null,
                Bake = Traffic.Policy(metrics) with { Interval = interval, Comparison = comparison },
            }, new HeldLease(), TestContext.Current.CancellationToken);
        // Everything but the timer runs synchronously, so that when the call to Advance returns the next look is over.
        while (!running.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(500));
        return Assert.Single((await running).Messages);
    }

    private static Fleet Fleet(Guid id) => new() { EnvironmentId = id, Model = "fraud", Version = "2", Protocol = "open-inference-v2", Replicas = [] };
}
