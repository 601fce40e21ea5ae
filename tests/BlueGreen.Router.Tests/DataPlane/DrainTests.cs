using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Router.Tests.DataPlane;

/// <summary>When what is in flight at an environment is cut off, by the routes alone.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly RouteTarget _blue = Target("v1");
    private readonly RouteTarget _green = Target("v2");
    private readonly EnvironmentRegistry _environments;
    private readonly RoutingTable _table;

    public DrainTests()
    {
        _environments = new EnvironmentRegistry(_clock);
        _table = new RoutingTable(_environments);
        Apply(1, _blue, null);
    }

    private ServingEnvironment Blue => _environments.Find(_blue.EnvironmentId)!;
    private ServingEnvironment Green => _environments.Find(_green.EnvironmentId)!;

    [Fact]
    public void AllAtOnce_FromTheSwitch()
    {
        Apply(2, _green, _blue);

        AssertEnds(Blue, Minute);
        AssertEndsNever(Green);
    }

    [Fact]
    public void BySteps_FromTheLastOne_WhateverTheRowSaysMeanwhile()
    {
        Apply(2, _green, _blue, bySteps: true);
        AssertEnds(Blue, 11 * Minute);

        _clock.Advance(5 * Minute);
        Apply(2, _green, _blue, bySteps: true);
        _clock.Advance(20 * Minute);
        Apply(2, _green, _blue, bySteps: true);

        AssertEnds(Blue, 11 * Minute);
        AssertEndsNever(Green);
    }

    [Fact]
    public void BySteps_HeardOfLate_NotBeforeThoseWhoCameMeanwhileHadTheirTime()
    {
        _clock.Advance(30 * Minute);

        Apply(2, _green, _blue, bySteps: true);

        AssertEnds(Blue, 31 * Minute);
    }

    [Fact]
    public void StepsThatEndBeforeTheirTime_FromTheirEnd()
    {
        Apply(2, _green, _blue, bySteps: true);
        _clock.Advance(5 * Minute);
        Apply(3, _green, null);
        AssertEnds(Blue, 6 * Minute);
    }

    [Fact]
    public void StepsThatAreTakenBack_TheNewOneLeaves_AndTheOldOneStays()
    {
        Apply(2, _green, _blue, bySteps: true);
        _clock.Advance(5 * Minute);
        _table.Revert("fraud", _green.DeploymentId, flip: true);

        AssertEndsNever(Blue);
        AssertEnds(Green, 6 * Minute);
    }

    private static void AssertEnds(ServingEnvironment environment, TimeSpan after)
    {
        Assert.False(environment.IsDrainOver(Start + after - TimeSpan.FromSeconds(1)));
        Assert.True(environment.IsDrainOver(Start + after + TimeSpan.FromSeconds(1)));
    }

    private static void AssertEndsNever(ServingEnvironment environment) => Assert.False(environment.IsDrainOver(Start.AddYears(100)));

    /// <summary>The switch is at the start; its steps take ten minutes, what is left at the old one has one more.</summary>
    private void Apply(long epoch, RouteTarget live, RouteTarget? standby, bool bySteps = false) => _table.Apply([new RouteState
    {
        Endpoint = "fraud",
        Path = "/fraud",
        Version = epoch,
        Epoch = epoch,
        Live = live,
        Standby = standby,
        SwitchedAt = Start,
        Settings = new RouteSettings { Traffic = new TrafficPolicy { Drain = Minute } },
        Shift = bySteps ? new TrafficShift { First = 0.1, Step = 0.9, Wait = 10 * Minute } : null,
    }]);

    private static RouteTarget Target(string version) => new()
    {
        EnvironmentId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        Model = "fraud",
        Version = version,
        Protocol = "open-inference-v2",
        Replicas = [],
    };
}
