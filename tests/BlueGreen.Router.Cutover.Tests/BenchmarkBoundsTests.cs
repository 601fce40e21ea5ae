using BlueGreen.Bench.Routing;
using BlueGreen.Bench.Routing.Proxying;
using BlueGreen.Bench.Routing.RollingBack;
using BlueGreen.Bench.Routing.Switching;
using BlueGreen.Bench.Routing.Traffic;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>A benchmark that misses what must hold says so, and does not end with exit code 0.</summary>
public sealed class BenchmarkBoundsTests
{
    private static readonly SwitchReport Switched = new()
    {
        Switches = 10,
        Requests = 1000,
        RequestsPerS = 2000,
        Failed = 0,
        WrongEpoch = 0,
        Unconfirmed = 0,
        ConvergenceMs = new Quantiles(5, 20, 90),
        StrictHoldMs = new Quantiles(5, 50, 90),
    };

    private static readonly RollbackReport RolledBack = new()
    {
        Trials = 200,
        RollbackMs = new Quantiles(5, 250, 900),
        BrokerDownMs = new Quantiles(5, 50, 90),
        DatabaseDownMs = new Quantiles(5, 50, 90),
        Failed = 0,
        NeverBack = 0,
    };

    private static readonly ProxyReport Proxied = new()
    {
        CpuUs = new Dictionary<string, double>(),
        RatioNginx = 2.5,
        RatiosNginx = new Dictionary<string, double>(),
        RatioHaproxy = null,
        MirrorRatio = 1.15,
        Copies = 1000,
        CopiesLost = 10,
        AddedP50Ms = new Dictionary<string, double>(),
        AddedP99Ms = new Dictionary<string, double>(),
        RequestsPerS = new Dictionary<string, double>(),
        Failed = 0,
    };

    [Fact]
    public void Switch_MissesEachOfItsBounds()
    {
        Assert.Empty(Switched.Missed);
        // Nobody asked for a strict part.
        Assert.Empty((Switched with { StrictHoldMs = null }).Missed);
        Assert.StartsWith("failed", Assert.Single((Switched with { Failed = 1 }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("wrong_epoch", Assert.Single((Switched with { WrongEpoch = 1 }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("requests_per_s", Assert.Single((Switched with { RequestsPerS = 1999 }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("convergence_ms", Assert.Single((Switched with { ConvergenceMs = new Quantiles(5, 20.1, 90) }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("strict_hold_ms", Assert.Single((Switched with { StrictHoldMs = new Quantiles(5, 50.1, 90) }).Missed), StringComparison.Ordinal);
    }

    [Fact]
    public void Rollback_MissesEachOfItsBounds_AndOneThatNeverCameIsEnough()
    {
        Assert.Empty(RolledBack.Missed);
        Assert.StartsWith("rollback_ms", Assert.Single(((IReport)RolledBack).GoalsMissed), StringComparison.Ordinal);
        Assert.StartsWith("never_back", Assert.Single((RolledBack with { NeverBack = 1 }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("failed", Assert.Single((RolledBack with { Failed = 1 }).Missed), StringComparison.Ordinal);
        var slow = new Quantiles(5, 250.1, 900);
        Assert.Equal(3, (RolledBack with { RollbackMs = slow, BrokerDownMs = slow, DatabaseDownMs = slow }).Missed.Count);
    }

    [Fact]
    public void Proxy_MissesEachOfItsBounds_AndTheRatioThatWasNotMeasured()
    {
        Assert.Empty(Proxied.Missed);
        Assert.StartsWith("copies_lost", Assert.Single((Proxied with { CopiesLost = 11 }).Missed), StringComparison.Ordinal);
        Assert.Single(((IReport)Proxied).GoalsMissed);
        Assert.StartsWith("failed", Assert.Single((Proxied with { Failed = 1 }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("ratio_nginx", Assert.Single((Proxied with { RatioNginx = 2.51 }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("ratio_nginx", Assert.Single((Proxied with { RatioNginx = null }).Missed), StringComparison.Ordinal);
        Assert.StartsWith("mirror_ratio", Assert.Single((Proxied with { MirrorRatio = 1.151 }).Missed), StringComparison.Ordinal);
    }

    [Fact]
    public void RequestsPerSecond_AreWhatWasAnswered_NotWhatWasAskedFor()
    {
        var second = TimeProvider.System.TimestampFrequency;
        var answers = Enumerable.Range(0, 101).Select(number => new ClientAnswer(number * second / 50, number * second / 50, 200, "v1", 1)).ToArray();
        Assert.Equal(50.0, ClientAnswer.PerSecond(answers)!.Value, 1.0);
        Assert.Null(ClientAnswer.PerSecond([]));
    }
}
