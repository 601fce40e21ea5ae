using BlueGreen.Contracts;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>The one rule for all drivers, by itself.</summary>
public sealed class DriverStandingsTests
{
    /// <summary>Whose word is newer: of a newer epoch, then a revert beyond the epoch, then a newer version of the row.</summary>
    [Theory]
    [InlineData(5, false, 11, 5, true, 10, "Behind")]
    [InlineData(5, true, 10, 5, false, 11, "Ahead")]
    [InlineData(5, true, 10, 6, false, 12, "Behind")]
    [InlineData(6, false, 12, 5, true, 10, "Ahead")]
    [InlineData(5, false, 11, 5, false, 10, "Ahead")]
    [InlineData(5, false, 10, 5, false, 11, "Behind")]
    [InlineData(5, true, 10, 5, true, 10, "Behind")]
    public void AnotherText_ThatFitsItsMark_IsToBeAppliedOrLeftAlone_ByWhoKnowsMore(
        long epoch, bool isReverted, long version, long routeEpoch, bool isRouteReverted, long routeVersion, string expected)
    {
        var mark = new DriverMark(version, isReverted, epoch, Guid.NewGuid(), DriverMark.SumOf("another"));
        var route = Route(routeVersion, isRouteReverted, routeEpoch);

        Assert.Equal(expected, DriverStandings.Of(route, "wanted", DriverReading.Of("another", mark), wasMarked: false).ToString());
        Assert.Equal(expected, DriverStandings.Of(route, "wanted", DriverReading.Of("another", mark) with { IsHalfDone = true }, wasMarked: false).ToString());
        Assert.Equal(mark, DriverMark.Read($"before {mark} after"));
    }

    [Theory]
    [InlineData(false, "another", "Behind")]
    [InlineData(true, "another", "Drifted")]
    [InlineData(true, "wanted", "Behind")]
    [InlineData(true, "", "Drifted")]
    public void Text_WithoutAMark_IsTakenOver_UnlessOneOfOursHasStoodThere(bool wasMarked, string found, string expected) =>
        Assert.Equal(expected, DriverStandings.Of(Route(1, false, 1), "wanted", DriverReading.Of(found, mark: null), wasMarked).ToString());

    /// <summary>A veto of a switch that is being prepared moves nothing: what the row has live is live.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Route_IsReverted_WhenWhatTheRowHasLiveIsNotWhatIsServed(bool isOfLive)
    {
        var (green, blue, next) = (Target(), Target(), Guid.NewGuid());
        var state = new RouteState
        {
            Endpoint = "fraud",
            Path = "/fraud",
            Version = 3,
            Epoch = 2,
            Live = green,
            Standby = blue,
            Preparing = new PreparedSwitch(next, 3),
            Settings = new RouteSettings { Traffic = new TrafficPolicy { Driver = new TrafficDriver { Kind = "http" } } },
        };

        var entry = RouteEntry.From(state, [isOfLive ? green.DeploymentId : next], new Proxy.EnvironmentRegistry(TimeProvider.System));

        Assert.True(entry.RevertPending);
        Assert.Equal(isOfLive, DriverRoute.Of(entry, new RouterOptions())!.IsReverted);
    }

    private static DriverRoute Route(long version, bool isReverted, long epoch) => new()
    {
        Endpoint = "fraud",
        Path = "/fraud",
        Version = version,
        Epoch = epoch,
        IsReverted = isReverted,
        Live = Target(),
        Settings = DriverSettings.Of(new TrafficDriver { Kind = "http" }, new RouterOptions()),
    };

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
