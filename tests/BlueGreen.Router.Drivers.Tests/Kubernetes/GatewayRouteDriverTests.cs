using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

public sealed class GatewayRouteDriverTests : IAsyncLifetime
{
    private ClusterExample _cluster = null!;
    private GatewayRouteDriver _driver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterExample.StartAsync();
        _driver = new GatewayRouteDriver(_cluster.Clients, TimeProvider.System, NullLogger<GatewayRouteDriver>.Instance);
        _cluster.Store.Put("httproutes", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "fraud" },
            ["spec"] = new JsonObject
            {
                ["parentRefs"] = new JsonArray(new JsonObject { ["name"] = "edge" }),
                ["rules"] = new JsonArray(
                    new JsonObject { ["name"] = "health", ["backendRefs"] = new JsonArray(new JsonObject { ["name"] = "health", ["port"] = 8080 }) },
                    new JsonObject
                    {
                        ["name"] = "predict",
                        ["timeouts"] = new JsonObject { ["request"] = "2s" },
                        ["filters"] = new JsonArray(new JsonObject { ["type"] = "RequestHeaderModifier", ["requestHeaderModifier"] = new JsonObject { ["remove"] = new JsonArray("x") } }),
                        ["backendRefs"] = new JsonArray(new JsonObject { ["name"] = "old", ["port"] = 80 }),
                    }),
            },
        });
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Switch_AllAtOnce_WeighsOneHundredAndZeroAndKeepsWhatIsNotOurs()
    {
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue)));

        Assert.Equal((100, 0), Weights());
        var rules = _cluster.Store.Find("httproutes", "fraud")!["spec"]!["rules"]!.AsArray();
        Assert.Equal("health", rules[0]!["backendRefs"]![0]!["name"]!.ToString());
        Assert.Equal("2s", rules[1]!["timeouts"]!["request"]!.ToString());
        Assert.Equal("RequestHeaderModifier", Assert.Single(rules[1]!["filters"]!.AsArray())!["type"]!.ToString());
        Assert.Contains("PATCH /apis/gateway.networking.k8s.io/v1/namespaces/ml/httproutes/fraud application/merge-patch+json", _cluster.Server.Requests);
    }

    [Fact]
    public async Task Shift_StepByStep_WeighsEveryStepAndTakesAllBackAtAnyOfThem()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null));
        foreach (var percent in new[] { 10, 25, 50, 99 })
        {
            Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2) with { Share = percent / 100.0 }));
            Assert.Equal((percent, 100 - percent), Weights());
        }

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Blue, null, 2) with { IsReverted = true }));
        Assert.Equal((0, 100), Weights());
    }

    [Theory]
    [InlineData(0.1, "10")]
    [InlineData(1, null)]
    public async Task Mirror_AShare_IsAFilterOfTheRuleAndGoesWithTheMirror(double share, string? percent)
    {
        var route = Route(_cluster.Blue, null) with { Candidate = _cluster.Green, Mirror = new DriverMirror(_cluster.Green, share) };
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(route));

        var mirror = Rule()["filters"]!.AsArray().Single(filter => filter!["type"]!.ToString() == "RequestMirror")!["requestMirror"]!;
        Assert.Equal($"fraud-{_cluster.Green.EnvironmentId}", mirror["backendRef"]!["name"]!.ToString());
        Assert.Equal(percent, mirror["percent"]?.ToString());
        Assert.Equal((0, 100), Weights());

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Blue, null, 2)));
        Assert.DoesNotContain(Rule()["filters"]!.AsArray(), filter => filter!["type"]!.ToString() == "RequestMirror");
    }

    [Fact]
    public async Task Switch_TheStatusIsWrittenMeanwhile_IsTriedAgain()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null));
        var once = 0;
        _cluster.Server.BeforePatch = plural =>
        {
            if (Interlocked.Increment(ref once) == 1)
                _cluster.Store.Change(plural, "fraud", route => route["status"]!["parents"]![0]!["controllerName"] = "gateway/other");
        };

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2)));
        Assert.Equal(2, once);
    }

    [Fact]
    public async Task Switch_TheGatewayRefuses_IsConvergingWithItsReason()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null));
        _cluster.Server.Controllers.Objection = "backend not found";
        var route = Route(_cluster.Green, _cluster.Blue, 2);
        var impatient = new Dictionary<string, string>(route.Settings.Operator) { ["convergence"] = "00:00:00.500" };

        var (failure, standing) = await _driver.SwitchAsync(route with { Settings = route.Settings with { Operator = impatient } });

        Assert.Contains("edge: ResolvedRefs", failure, StringComparison.Ordinal);
        Assert.Equal(DriverStanding.Converging, standing);
    }

    [Fact]
    public async Task Switch_GreensServiceHasNoEndpoint_MovesNothing()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null));
        _cluster.NoneReady(_cluster.Green);
        var (failure, standing) = await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2));
        Assert.Contains("has no ready endpoint", failure, StringComparison.Ordinal);
        Assert.Equal(DriverStanding.Behind, standing);
        Assert.Equal((0, 100), Weights());
    }

    [Fact]
    public async Task Watch_SomebodyChangesAWeight_IsToldAtOnceAndIsDrift()
    {
        var route = Route(_cluster.Green, _cluster.Blue);
        await _driver.SwitchAsync(route);
        var changed = _driver.ChangedAsync(route, await _driver.ReadAsync(route, Token), Token);
        await Eventually.TrueAsync(() => _cluster.Server.Watching > 0);

        _cluster.Store.Change("httproutes", "fraud", item => item["spec"]!["rules"]![1]!["backendRefs"]![0]!["weight"] = 50);

        await changed.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        Assert.Equal(DriverStanding.Drifted, await _driver.StandingAsync(route));
        Assert.Equal((50, 0), Weights());
    }

    [Fact]
    public async Task Switch_TheRuleIsNotThere_SaysSo()
    {
        var route = Route(_cluster.Green, null) with { Settings = _cluster.Settings("gateway-api", ("rule", "5")) };
        var (failure, _) = await _driver.SwitchAsync(route);
        Assert.Equal("ml/fraud has no rule 5.", failure);
    }

    [Theory]
    [InlineData("rule", "first")]
    [InlineData("port", "0")]
    [InlineData("service", "fraud-{version}")]
    public void Check_WhatMakesNoSense_IsNamed(string name, string value) =>
        Assert.Contains($"settings.{name} must", Assert.Single(_driver.Check(_cluster.Settings("gateway-api", (name, value)))), StringComparison.Ordinal);

    private DriverRoute Route(RouteTarget live, RouteTarget? standby, long version = 1) =>
        RouteExamples.Route(_cluster.Settings("gateway-api", ("rule", "1")), live, standby, version);

    private JsonNode Rule() => _cluster.Store.Find("httproutes", "fraud")!["spec"]!["rules"]![1]!;

    private (int Green, int Blue) Weights()
    {
        return (Of(_cluster.Green), Of(_cluster.Blue));

        int Of(RouteTarget target) => Rule()["backendRefs"]!.AsArray()
            .FirstOrDefault(backend => backend!["name"]!.ToString() == $"fraud-{target.EnvironmentId}")?["weight"]!.GetValue<int>() ?? 0;
    }
}
