using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

public sealed class IstioDriverTests : IAsyncLifetime
{
    private ClusterExample _cluster = null!;
    private IstioDriver _driver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterExample.StartAsync();
        _driver = new IstioDriver(_cluster.Clients, TimeProvider.System, NullLogger<IstioDriver>.Instance);
        _cluster.Store.Put("virtualservices", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "fraud" },
            ["spec"] = new JsonObject
            {
                ["hosts"] = new JsonArray("fraud"),
                ["http"] = new JsonArray(new JsonObject
                {
                    ["timeout"] = "2s",
                    ["route"] = new JsonArray(new JsonObject
                    {
                        ["destination"] = new JsonObject { ["host"] = "fraud", ["port"] = new JsonObject { ["number"] = 8080 } },
                    }),
                }),
            },
        });
        _cluster.Store.Put("destinationrules", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "fraud" },
            ["spec"] = new JsonObject
            {
                ["host"] = "fraud",
                ["subsets"] = new JsonArray(new JsonObject { ["name"] = "theirs", ["labels"] = new JsonObject { ["app"] = "fraud" } }),
            },
        });
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Switch_SubsetsAreThereBeforeAnythingPointsAtThem()
    {
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue)));

        Assert.Equal((100, 0), Weights());
        Assert.Equal(["bg-" + _cluster.Blue.EnvironmentId.ToString("N"), "bg-" + _cluster.Green.EnvironmentId.ToString("N"), "theirs"],
            Subsets().Order(StringComparer.Ordinal).OrderBy(name => name == "theirs" ? 2 : name.EndsWith(_cluster.Blue.EnvironmentId.ToString("N"), StringComparison.Ordinal) ? 0 : 1));
        var patches = _cluster.Server.Requests.Where(request => request.StartsWith("PATCH", StringComparison.Ordinal)).ToArray();
        Assert.Contains("destinationrules", patches[0], StringComparison.Ordinal);
        Assert.Contains("virtualservices", patches[1], StringComparison.Ordinal);
        Assert.Equal("2s", Rule()["timeout"]!.ToString());
        Assert.Equal(8080, Rule()["route"]![0]!["destination"]!["port"]!["number"]!.GetValue<int>());
    }

    [Fact]
    public async Task Shift_StepByStep_WeighsEveryStepAndTakesAllBackAtAnyOfThem()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null));
        foreach (var percent in new[] { 5, 50, 95 })
        {
            Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2) with { Share = percent / 100.0 }));
            Assert.Equal((percent, 100 - percent), Weights());
        }

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Blue, null, 2) with { IsReverted = true }));
        Assert.Equal((0, 100), Weights());
    }

    [Fact]
    public async Task Mirror_AShare_StandsBesideTheRouteAndGoesWithTheMirror()
    {
        var route = Route(_cluster.Blue, null) with { Mirror = new DriverMirror(_cluster.Green, 0.25) };
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(route));
        Assert.Equal("bg-" + _cluster.Green.EnvironmentId.ToString("N"), Rule()["mirror"]!["subset"]!.ToString());
        Assert.Equal("25", Rule()["mirrorPercentage"]!["value"]!.ToString());

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Blue, null, 2)));
        Assert.Null(Rule()["mirror"]);
        Assert.Null(Rule()["mirrorPercentage"]);
    }

    [Fact]
    public async Task Switch_LaterOn_SubsetsThatNothingPointsAtAreTakenOut()
    {
        await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue));
        await _driver.SwitchAsync(Route(_cluster.Green, null, 2));
        Assert.Contains("bg-" + _cluster.Blue.EnvironmentId.ToString("N"), Subsets());

        await _driver.SwitchAsync(Route(_cluster.Green, null, 3) with { Mirror = new DriverMirror(_cluster.Green, 0.5) });

        Assert.Equal(2, Subsets().Length);
        Assert.DoesNotContain("bg-" + _cluster.Blue.EnvironmentId.ToString("N"), Subsets());
        Assert.Contains("theirs", Subsets());
    }

    [Fact]
    public async Task Watch_SomebodyTurnsASubsetToOtherPods_IsToldAtOnceAndIsDrift()
    {
        var route = Route(_cluster.Green, null);
        await _driver.SwitchAsync(route);
        var changed = _driver.ChangedAsync(route, await _driver.ReadAsync(route, Token), Token);
        await Eventually.TrueAsync(() => _cluster.Server.Watching == 2);
        Assert.False(changed.IsCompleted);

        _cluster.Store.Change("destinationrules", "fraud", rule => rule["spec"]!["subsets"]!.AsArray()
            .Single(subset => subset!["name"]!.ToString() != "theirs")!["labels"]!["bluegreen/environment"] = _cluster.Blue.EnvironmentId.ToString());

        await changed.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        Assert.Equal(DriverStanding.Drifted, await _driver.StandingAsync(route));
    }

    [Fact]
    public async Task Switch_TheDestinationRuleIsChangedMeanwhile_IsTriedAgainAndKeepsTheirs()
    {
        var once = 0;
        _cluster.Server.BeforePatch = plural =>
        {
            if (plural == "destinationrules" && Interlocked.Increment(ref once) == 1)
                _cluster.Store.Change(plural, "fraud", rule => rule["spec"]!["trafficPolicy"] = new JsonObject { ["tls"] = new JsonObject { ["mode"] = "DISABLE" } });
        };

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, null)));

        Assert.Equal(2, once);
        Assert.Equal("DISABLE", _cluster.Store.Find("destinationrules", "fraud")!["spec"]!["trafficPolicy"]!["tls"]!["mode"]!.ToString());
    }

    [Fact]
    public async Task Switch_NoPodOfGreenIsReady_MovesNothing()
    {
        _cluster.NoneReady(_cluster.Green);
        var (failure, _) = await _driver.SwitchAsync(Route(_cluster.Green, null));
        Assert.Contains("is ready in ml", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(_cluster.Server.Requests, request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    private DriverRoute Route(RouteTarget live, RouteTarget? standby, long version = 1) =>
        RouteExamples.Route(_cluster.Settings("istio"), live, standby, version);

    private JsonNode Rule() => _cluster.Store.Find("virtualservices", "fraud")!["spec"]!["http"]![0]!;

    private string[] Subsets() => [.. _cluster.Store.Find("destinationrules", "fraud")!["spec"]!["subsets"]!.AsArray().Select(subset => subset!["name"]!.ToString())];

    private (int Green, int Blue) Weights()
    {
        return (Of(_cluster.Green), Of(_cluster.Blue));

        int Of(RouteTarget target) => Rule()["route"]!.AsArray()
            .FirstOrDefault(route => route!["destination"]!["subset"]?.ToString() == $"bg-{target.EnvironmentId:N}")?["weight"]!.GetValue<int>() ?? 0;
    }
}
