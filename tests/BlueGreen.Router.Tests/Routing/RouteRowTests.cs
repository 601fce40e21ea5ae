using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Routing;

public sealed class RouteRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly TrafficPolicy BySteps = new() { Shift = new TrafficShift { First = 0.1, Step = 0.1, Wait = TimeSpan.FromMinutes(1) } };
    private readonly RouteRow _row = new() { Endpoint = Commands.Endpoint, Path = "/fraud" };
    private long _revision;

    [Fact]
    public void Fence_FromTheFirstVersionOn_IsKnownToWhoeverKnowsTheRoute()
    {
        Configure("fence");
        Configure("fence");
        Assert.Equal(0, _row.FencedSince);
    }

    [Fact]
    public void Fence_SwitchedOnLater_SaysWithWhichVersion_AndForgetsItWhenItIsSwitchedOff()
    {
        Configure("serve-last");
        Configure("fence");
        Assert.Equal(2, _row.FencedSince);
        _row.Switch(Target(), Now);
        Configure("fence");
        Assert.Equal(2, _row.FencedSince);
        Configure("serve-last");
        Assert.Equal(0, _row.FencedSince);
        Configure("fence");
        Assert.Equal((_row.Version, 6), (_row.FencedSince, _row.Version));
    }

    [Fact]
    public void Steps_AreThoseOfTheSwitch_AndEndWithTheNextEpoch()
    {
        _row.Switch(Target(), Now);
        Configure("serve-last", BySteps);
        Assert.Null(_row.Shift);

        var green = Target();
        _row.Switch(green, Now);
        Configure("serve-last", new TrafficPolicy());
        Assert.Equal(BySteps.Shift, _row.Shift);
        _row.Revert(green.DeploymentId, Now);
        Assert.Null(_row.Shift);
    }

    private void Configure(string onControlPlaneLoss, TrafficPolicy? traffic = null) => _row.Configure(
        "/fraud", RouteSettings.Of(Commands.Configure("/fraud", ++_revision, traffic, onControlPlaneLoss: onControlPlaneLoss)), _revision);

    private static RouteTarget Target() => new()
    {
        EnvironmentId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        Model = "fraud",
        Version = "v",
        Protocol = "open-inference-v2",
        Replicas = [],
    };
}
