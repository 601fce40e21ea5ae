using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

public sealed class ServiceDriverTests : IAsyncLifetime
{
    private ClusterExample _cluster = null!;
    private ServiceDriver _driver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterExample.StartAsync();
        _driver = new ServiceDriver(_cluster.Clients, TimeProvider.System, NullLogger<ServiceDriver>.Instance);
        _cluster.PutService("fraud", new JsonObject { ["app"] = "fraud" });
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Switch_EndpointsFollow_IsInSyncAndMarked()
    {
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Blue, null, 1)));
        Assert.Equal(["10.0.1.0", "10.0.1.1"], Addresses());

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2)));
        Assert.Equal(["10.0.2.0", "10.0.2.1"], Addresses());
        Assert.Contains("bluegreen-v=2.", _cluster.Store.Find("services", "fraud")!["metadata"]!["annotations"]!["bluegreen/traffic"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("PATCH /api/v1/namespaces/ml/services/fraud application/strategic-merge-patch+json", _cluster.Server.Requests);
    }

    [Fact]
    public async Task Revert_AfterASwitch_EndpointsAreBluesAgain()
    {
        await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2));
        var back = Route(_cluster.Blue, null, 2) with { IsReverted = true };
        Assert.Equal(DriverStanding.Behind, await _driver.StandingAsync(back));

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(back));

        Assert.Equal(["10.0.1.0", "10.0.1.1"], Addresses());
        Assert.Equal(DriverStanding.Ahead, await _driver.StandingAsync(Route(_cluster.Green, _cluster.Blue, 2)));
    }

    [Fact]
    public async Task Switch_LabelsOfTheSelectorThatNobodyAskedFor_AreTakenOut()
    {
        _cluster.PutService("fraud", new JsonObject { ["app"] = "fraud", ["track"] = "stable" });

        await _driver.SwitchAsync(Route(_cluster.Green, null, 1));

        var selector = _cluster.Store.Find("services", "fraud")!["spec"]!["selector"]!.AsObject();
        Assert.Equal(["app", "bluegreen/environment"], selector.Select(label => label.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Switch_NoPodOfGreenIsReady_MovesNothing()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null, 1));
        _cluster.NoneReady(_cluster.Green);

        var (failure, standing) = await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2));

        Assert.Contains("is ready", failure, StringComparison.Ordinal);
        Assert.Equal(DriverStanding.Behind, standing);
        Assert.Equal(["10.0.1.0", "10.0.1.1"], Addresses());
    }

    [Fact]
    public async Task Switch_EndpointsLagBehind_IsConvergingUntilTheyFollow()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null, 1));
        _cluster.Server.Controllers.AreHeld = true;
        var route = Route(_cluster.Green, _cluster.Blue, 2);
        var switching = _driver.SwitchAsync(route);
        await Until.TrueAsync(async () => await _driver.StandingAsync(route) == DriverStanding.Converging, () => "It never converged.");
        Assert.False(switching.IsCompleted);

        _cluster.Server.Controllers.Run();

        Assert.Equal((null, DriverStanding.InSync), await switching);
    }

    [Fact]
    public async Task Switch_EndpointsNeverFollow_SaysWhose()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null, 1));
        _cluster.Server.Controllers.AreHeld = true;
        var route = Route(_cluster.Green, _cluster.Blue, 2);
        var impatient = new Dictionary<string, string>(route.Settings.Operator) { ["convergence"] = "00:00:00.200" };

        var (failure, standing) = await _driver.SwitchAsync(route with { Settings = route.Settings with { Operator = impatient } });

        Assert.Contains("2 endpoints are not the live environment's", failure, StringComparison.Ordinal);
        Assert.Equal(DriverStanding.Converging, standing);
    }

    [Fact]
    public async Task Switch_SomebodyChangesAnotherFieldMeanwhile_IsTriedAgainAndKeepsTheirs()
    {
        var once = 0;
        _cluster.Server.BeforePatch = plural =>
        {
            if (plural == "services" && Interlocked.Increment(ref once) == 1)
                _cluster.Store.Change("services", "fraud", service => service["metadata"]!["labels"] = new JsonObject { ["team"] = "risk" });
        };

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_cluster.Green, null, 1)));

        Assert.Equal(2, once);
        Assert.Equal("risk", _cluster.Store.Find("services", "fraud")!["metadata"]!["labels"]!["team"]!.ToString());
    }

    [Fact]
    public async Task Switch_SomebodyTurnsTheSelectorMeanwhile_IsNotWrittenOver()
    {
        await _driver.SwitchAsync(Route(_cluster.Blue, null, 1));
        _cluster.Server.BeforePatch = _ => _cluster.Store.Change("services", "fraud", service => service["spec"]!["selector"] = new JsonObject { ["app"] = "other" });

        var (failure, standing) = await _driver.SwitchAsync(Route(_cluster.Green, _cluster.Blue, 2));

        Assert.Contains("Somebody else changed ml/fraud meanwhile: ml/fraud selects app=other", failure, StringComparison.Ordinal);
        Assert.Equal(DriverStanding.Drifted, standing);
        Assert.Equal("other", _cluster.Store.Find("services", "fraud")!["spec"]!["selector"]!["app"]!.ToString());
    }

    [Fact]
    public async Task Watch_SomebodyTurnsTheSelector_IsToldAtOnceAndIsDrift()
    {
        var route = Route(_cluster.Green, null, 1);
        await _driver.SwitchAsync(route);
        var changed = _driver.ChangedAsync(route, await _driver.ReadAsync(route, Token), Token);
        await Eventually.TrueAsync(() => _cluster.Server.Watching > 0);
        Assert.False(changed.IsCompleted);

        _cluster.Store.Change("services", "fraud", service => service["spec"]!["selector"]!["bluegreen/environment"] = _cluster.Blue.EnvironmentId.ToString("D"));

        await changed.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        Assert.Equal(DriverStanding.Drifted, await _driver.StandingAsync(route));
    }

    [Fact]
    public async Task Read_NoSuchService_IsAFailureWithItsName()
    {
        var route = Route(_cluster.Green, null, 1);
        _cluster.Store.Delete("services", "fraud");
        Assert.Equal("There is no fraud among the services in ml.", (await _driver.ReadAsync(route, Token)).Failure);
    }

    [Fact]
    public async Task Read_WrongToken_IsAFailureWithTheServersWord()
    {
        var route = Route(_cluster.Green, null, 1);
        var anonymous = new Dictionary<string, string>(route.Settings.Operator);
        anonymous.Remove("tokenFile");
        var reading = await _driver.ReadAsync(route with { Settings = route.Settings with { Operator = anonymous } }, Token);
        Assert.Contains("401: Unauthorized", reading.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("namespace", "kube-system", "The namespace 'kube-system' is not among")]
    [InlineData("selector", "app", "must be labels such as")]
    public void Check_WhatThePolicyMayNotSay_IsNamed(string name, string value, string problem) =>
        Assert.Contains(problem, Assert.Single(_driver.Check(_cluster.Settings("kubernetes-service", (name, value)))), StringComparison.Ordinal);

    private DriverRoute Route(RouteTarget live, RouteTarget? standby, long version) =>
        RouteExamples.Route(_cluster.Settings("kubernetes-service", ("selector", "app=fraud")), live, standby, version);

    private string[] Addresses() => [.. _cluster.Store.Find("endpointslices", "fraud-slice")!["endpoints"]!.AsArray()
        .Select(endpoint => endpoint!["addresses"]![0]!.ToString()).Order(StringComparer.Ordinal)];
}
