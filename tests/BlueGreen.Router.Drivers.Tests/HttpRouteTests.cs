using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>
    /// Another replica has written a version of the route that this one has not read, of the same epoch, and died. This one is cut off from the
    /// database, and is the only one that hears of the alarm.
    /// </summary>
    [Fact]
    public async Task Reverting_TheReplicaThatIsAskedIsCutOffAtAnOlderVersion_WritesTheWayBackAllTheSame()
    {
        await using var target = await RouteServer.StartAsync();
        await using var scene = await StartAsync(target);
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var made = await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);
        await scene.Router.Get<IServiceStore<RouterDbContext>>().WriteAsync(
            (work, token) => work.Db.Database.ExecuteSqlRawAsync("ALTER TABLE router_routes RENAME TO router_gone", token), Ct);
        var mark = DriverMark.Read((string?)target.Route?["mark"])!;
        target.ReplaceMark($"{mark with { Version = mark.Version + 3 }}");

        using var answer = await scene.Router.RevertAsync(made.DeploymentId);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("fraud-blue", target.Backend);
    }

    [Fact]
    public async Task Drifting_WithoutAMark_IsLeftAloneAndRaised_AlsoByARouterThatHasStartedSince_AndIsTakenOverByNobodyButAnOperator()
    {
        await using var target = await RouteServer.StartAsync();
        await using var scene = await StartAsync(target);
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        await Until.TrueAsync(
            () => scene.Router.Get<IServiceStore<RouterDbContext>>().ReadAsync((db, token) => db.DriverPlaces.AnyAsync(token), Ct), () => "The mark was not noted.");

        await scene.RestartAsync(() => target.Regenerate("by-hand"));
        await scene.StandsAsync("Drifted");

        await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Reason.Contains("by-hand", StringComparison.Ordinal));
        var refused = await scene.RefusedAsync(Guid.NewGuid(), 1, scene.Green);
        Assert.Contains("somebody else", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("by-hand", target.Backend);
        Assert.Equal(HttpStatusCode.OK, await scene.ApplyAgainAsync());
        Assert.Equal("fraud-blue", target.Backend);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task<DrivenRouter> StartAsync(RouteServer target, params (string Key, string Value)[] settings) => DrivenRouter.StartAsync(
        new TrafficDriver { Kind = "http", Settings = new Dictionary<string, string> { ["backend"] = "{model}-{version}" } },
        settings,
        ("address", new Uri(target.Address, "route").ToString()), ("token", "secret"));
}
