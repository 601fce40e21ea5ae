using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;
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

    private Task<object> BakeAsync(params BakeMetric[] metrics) => BakeAsync(TimeSpan.FromMilliseconds(500), metrics);

    private async Task<object> BakeAsync(TimeSpan interval, params BakeMetric[] metrics)
    {
        // No blue in these bakes: nothing of its watch is used.
        var blue = new BlueWatch(null!, null!, null!, Options.Create(new BakeOptions()), _time, NullLogger<BlueWatch>.Instance);
        var watch = new BakeWatch(
            _traffic, new MetricSources([], new ConfigurationBuilder().Build()), blue, Options.Create(new BakeOptions()), _time, new ValidatorMetrics(),
            NullLogger<BakeWatch>.Instance);
        var running = watch.RunAsync(
            new BeginBaking
            {
                DeploymentId = Guid.NewGuid(),
                Attempt = 3,
                Endpoint = "fraud",
                SwitchedAt = SwitchedAt,
                Green = new() { EnvironmentId = Guid.NewGuid(), Model = "fraud", Version = "2", Protocol = "open-inference-v2", Replicas = [] },
                Bake = Traffic.Policy(metrics) with { Interval = interval },
            }, new HeldLease(), TestContext.Current.CancellationToken);
        // Everything but the timer runs synchronously, so that when the call to Advance returns the next look is over.
        while (!running.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(500));
        return Assert.Single((await running).Messages);
    }
}
