using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

/// <summary>Alarms while nothing can be reverted: a deployment may be on its way to the switch.</summary>
public sealed class AlarmBeforeSwitchTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Alarm_HeardBeforeTheSwitch_PagesWhenItGoesOnAfterIt()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsRevertible = false;
        await host.SendAsync(Alarm("errors", since: Now));
        router.SwitchTo(Guid.NewGuid());
        router.SwitchedAt = TimeProvider.System.GetUtcNow();

        var still = await host.SendAsync(Alarm("errors", since: Now));
        await host.SendAsync(Alarm("errors", "resolved", Now));
        var anew = await host.SendAsync(Alarm("errors", since: TimeProvider.System.GetUtcNow()));

        Assert.StartsWith("paged: it was firing before the switch", Assert.Single(still.Decisions), StringComparison.Ordinal);
        Assert.Equal("reverted", Assert.Single(anew.Decisions));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_BeforeTheSwitch_AsksForTheDeploymentToBeGivenUp()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsRevertible = false;

        await host.SendAsync(Alarm("errors"));

        var abort = await host.Told.NextAsync<DeploymentAbortRequested>();
        Assert.Equal(("fraud", "alarm:generic"), (abort.Endpoint, abort.RequestedBy));
        Assert.Contains("errors", abort.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alarm_AboutWhatServesBeforeTheSwitch_DoesNotGiveUpTheDeploymentThatWouldReplaceIt()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsRevertible = false;
        router.Live = router.Blue;

        var old = await host.SendAsync(Labelled("errors", "environment", router.BlueEnvironment.ToString()));
        await host.SendAsync(Labelled("latency", "environment", router.GreenEnvironment.ToString()));

        Assert.StartsWith("ignored: it is about what is live", Assert.Single(old.Decisions), StringComparison.Ordinal);
        await host.Told.NextAsync<DeploymentAbortRequested>();
        Assert.Contains("latency", Assert.Single(host.Told.All<DeploymentAbortRequested>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Echo_OfARevert_DoesNotGiveUpTheNextDeployment()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.SendAsync(Alarm("errors"));

        var echo = await host.SendAsync(Alarm("latency"));
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Name == "latency");

        Assert.Equal("already reverted", Assert.Single(echo.Decisions));
        Assert.Empty(host.Told.All<DeploymentAbortRequested>());
    }

    private static JsonObject Alarm(string name, string status = "firing", DateTimeOffset? since = null)
    {
        var alarm = RollbackHost.Alarm(status);
        alarm["name"] = name;
        if (since is { } startsAt) alarm["startsAt"] = startsAt.ToString("O");
        return alarm;
    }

    private static JsonObject Labelled(string name, string label, string value)
    {
        var alarm = Alarm(name);
        alarm["labels"]![label] = value;
        return alarm;
    }
}
