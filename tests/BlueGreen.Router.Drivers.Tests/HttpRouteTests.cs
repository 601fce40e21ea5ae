using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Tests.Fixture;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Against a server that keeps one JSON object.</summary>
public sealed class HttpRouteTests
{
    [Fact]
    public async Task Switching_PutsTheBackend_AndReadsItBack()
    {
        await using var target = await RouteServer.StartAsync();
        await using var scene = await StartAsync(target);

        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        Assert.Equal("fraud-blue", target.Backend);
        await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);

        Assert.Equal("fraud-green", target.Backend);
        Assert.Equal(2, (int?)target.Route?["epoch"]);
    }

    [Fact]
    public async Task Drifting_SomebodyElsePutsAnotherBackend_IsSeenAndNotWrittenOver()
    {
        await using var target = await RouteServer.StartAsync();
        await using var scene = await StartAsync(target);
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);

        target.Replace("by-hand");
        await scene.StandsAsync("Drifted");

        await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Reason.Contains("by-hand", StringComparison.Ordinal));
        Assert.Equal("by-hand", target.Backend);
        Assert.Equal(HttpStatusCode.OK, await scene.ApplyAgainAsync());
        Assert.Equal("fraud-blue", target.Backend);
    }

    [Fact]
    public async Task Switching_TheTargetDoesNotKeepTheMark_IsNotConfirmed()
    {
        await using var target = await RouteServer.StartAsync();
        target.ForgetsMarks = true;
        await using var scene = await StartAsync(target, ("BlueGreen:Router:DriverDeadline", "00:00:01"));

        var receipt = await scene.Router.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);

        Assert.False(receipt.Confirmed);
        Assert.Contains(receipt.Acknowledgements, entry => entry.Problem?.Contains("does not give back its 'mark'", StringComparison.Ordinal) == true);
    }

    private static Task<DrivenRouter> StartAsync(RouteServer target, params (string Key, string Value)[] settings) => DrivenRouter.StartAsync(
        new TrafficDriver { Kind = "http", Settings = new Dictionary<string, string> { ["backend"] = "{model}-{version}" } },
        settings,
        ("address", new Uri(target.Address, "route").ToString()), ("token", "secret"));
}
