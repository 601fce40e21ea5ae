using BlueGreen.Contracts;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmUnderFailureTests
{
    [Fact]
    public async Task Alarm_WithTheDatabaseGone_RevertsAndThenAsksForARepetition()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.LoseDatabaseAsync();

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal((503, true), (answer.Status, answer.SaysWhenToRetry));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_ServiceWasStartedWhileDatabaseAndBrokerWereAway_RevertsAllTheSame()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await Eventually.BecomesTrueAsync(() => File.Exists(host.RuleFile));
        await host.StopAsync();
        await host.RunWithoutDatabaseAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal((503, true), (answer.Status, answer.SaysWhenToRetry));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_WithNoRouter_IsAnswered503AndTriedAgainOnItsOwn()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsBroken = true;

        var answer = await host.SendAsync(RollbackHost.Alarm());
        var failed = await host.Told.NextAsync<AlarmRaised>();
        router.IsBroken = false;

        Assert.Equal((503, true), (answer.Status, answer.SaysWhenToRetry));
        Assert.StartsWith("failed: no router answered", failed.Decision, StringComparison.Ordinal);
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision == "reverted");
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_WithNoRouterForLongerThanTheTries_IsStillActedOn()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsBroken = true;
        await host.SendAsync(RollbackHost.Alarm());
        await host.Told.NextAsync<Notification>(one => one.IsUrgent);
        await Eventually.BecomesTrueAsync(() => router.Refusals >= 5);
        router.IsBroken = false;

        await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision == "reverted");
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_WhileTheOnlyRouterCannotRevert_IsAnswered503AndTriedAgainOnItsOwn()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.Inability = "this replica is stopping";

        var answer = await host.SendAsync(RollbackHost.Alarm());
        var failed = await host.Told.NextAsync<AlarmRaised>();
        router.Inability = null;

        Assert.Equal((503, true), (answer.Status, answer.SaysWhenToRetry));
        Assert.Equal("failed: no router could revert: this replica is stopping", failed.Decision);
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision == "reverted");
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_WithOneRouterOfTwoGone_RevertsAtTheOther()
    {
        var gone = await FakeRouter.StartAsync();
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(gone.Address, router.Address);
        await gone.DisposeAsync();

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal((202, "reverted at 1 of 2 routers"), (answer.Status, Assert.Single(answer.Decisions)));
    }

    [Fact]
    public async Task Alarm_SwitchSeenByOneRouterOnly_IsVetoedAtBoth()
    {
        await using var ahead = await FakeRouter.StartAsync();
        await using var behind = await FakeRouter.StartAsync();
        behind.IsRevertible = false;
        await using var host = await RollbackHost.StartAsync(behind.Address, ahead.Address);

        Assert.Equal("reverted", Assert.Single((await host.SendAsync(RollbackHost.Alarm())).Decisions));
        Assert.Equal(ahead.Green, Assert.Single(behind.Reverts).GetProperty("deploymentId").GetGuid());
    }

    [Fact]
    public async Task Rules_AfterARestartWithAnEmptyDatabase_AreStillKnown()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await Eventually.BecomesTrueAsync(() => File.Exists(host.RuleFile));
        await host.StopAsync();
        host.DeleteDatabase();
        await host.RunAsync();

        Assert.Equal("reverted", Assert.Single((await host.SendAsync(RollbackHost.Alarm())).Decisions));
    }

    [Fact]
    public async Task Rules_OfAnOlderRevision_ChangeNothing()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 3, RollbackHost.Rule("generic"));
        await host.ConfigureAsync("fraud", 2);
        await host.ConfigureAsync("marker", 1);

        Assert.Equal("reverted", Assert.Single((await host.SendAsync(RollbackHost.Alarm())).Decisions));
    }

    [Fact]
    public async Task Rule_WithAWait_ActsWhenItIsOver()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, RollbackHost.Rule("generic", TimeSpan.FromSeconds(1)));

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.StartsWith("waiting", Assert.Single(answer.Decisions), StringComparison.Ordinal);
        Assert.Empty(router.Reverts);
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision == "reverted");
    }

    [Fact]
    public async Task Rule_WithAWait_DoesNotActOnWhatRecovers()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, RollbackHost.Rule("generic", TimeSpan.FromSeconds(2)));
        await host.SendAsync(RollbackHost.Alarm());
        await host.SendAsync(RollbackHost.Alarm("resolved"));
        // A second alarm with the same wait that does not recover: when it has acted, the first one's time is over as well.
        await host.ConfigureAsync("fraud", 3, RollbackHost.Rule("generic", TimeSpan.FromSeconds(2)));
        var other = RollbackHost.Alarm();
        other["name"] = "latency-high";
        await host.SendAsync(other);

        await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision == "reverted" && raised.Name == "latency-high");
        Assert.Equal(1, router.Flips);
        Assert.Contains("latency-high", Assert.Single(router.Reverts).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}
