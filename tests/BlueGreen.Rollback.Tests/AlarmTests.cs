using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmTests
{
    private static string Payload(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Payloads", $"{name}.json"));

    [Fact]
    public async Task Alarm_Firing_RevertsWhatIsLiveAndTellsTheHistory()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal((202, "reverted"), (answer.Status, Assert.Single(answer.Decisions)));
        Assert.True(answer.First.GetProperty("reverted").GetBoolean());
        Assert.Equal(router.Green, answer.First.GetProperty("deploymentId").GetGuid());
        var revert = Assert.Single(router.Reverts);
        Assert.Equal(router.Green, revert.GetProperty("deploymentId").GetGuid());
        Assert.Equal("alarm:generic", revert.GetProperty("requestedBy").GetString());
        Assert.Contains("3 % of requests fail", revert.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var raised = await host.Told.NextAsync<AlarmRaised>();
        Assert.Equal(("generic", "errors-high", "fraud", "reverted"), (raised.Source, raised.Name, raised.Endpoint, raised.Decision));
        Assert.Equal((router.Green, "fraud"), (raised.DeploymentId, raised.Labels["endpoint"]));
    }

    [Fact]
    public async Task Alertmanager_MixedGroup_ActsOnTheFiringAlertOnly()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync("alertmanager", Payload("mixed-group"));

        Assert.Equal(202, answer.Status);
        Assert.Equal(["ignored: resolved", "reverted"], answer.Decisions);
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alertmanager_ResolvedOnly_DoesNothingAndIsRecorded()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync("alertmanager", Payload("resolved-only"));

        Assert.Equal((202, "ignored: resolved"), (answer.Status, Assert.Single(answer.Decisions)));
        Assert.Empty(router.Reverts);
        Assert.Equal("ignored: resolved", (await host.Told.NextAsync<AlarmRaised>()).Decision);
    }

    [Fact]
    public async Task Alertmanager_RelayedWithoutFingerprints_IsUnderstood()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync("alertmanager", Payload("relayed-without-fingerprint"));

        Assert.Equal(202, answer.Status);
        Assert.Equal(["already reverted", "reverted"], answer.Decisions.Order(StringComparer.Ordinal));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_Repeated_RevertsOnceAndIsToldOnce()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.SendAsync("alertmanager", Payload("mixed-group"));

        var again = await host.SendAsync("alertmanager", Payload("mixed-group"));
        await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal(["ignored: resolved", "already reverted"], again.Decisions);
        Assert.Equal(1, router.Flips);
        // Told of the later alarm, the history would have been told of a repetition as well.
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Source == "generic");
        Assert.Equal(2, host.Told.All<AlarmRaised>().Count(raised => raised.Source == "alertmanager"));
    }

    [Fact]
    public async Task Alarms_InASwarm_RevertOnce()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.SendAsync(RollbackHost.Alarm())));

        Assert.Equal(1, router.Flips);
        Assert.All(answers, answer => Assert.Contains(answer.Decisions[0], new[] { "reverted", "already reverted" }));
        Assert.Single(answers, answer => answer.Status == 202 && answer.First.GetProperty("reverted").GetBoolean());
    }

    [Fact]
    public async Task Alarm_BetweenARevertAndItsAnswer_IsAlreadyReverted()
    {
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await FakeRouter.StartAsync();
        router.Answering = answering.Task;
        await using var host = await RollbackHost.StartAsync(router.Address);

        var first = host.SendAsync(RollbackHost.Alarm());
        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
        var asked = router.Asked;
        var second = host.SendAsync(RollbackHost.Alarm());
        await Eventually.BecomesTrueAsync(() => router.Asked > asked);
        answering.SetResult();

        Assert.Equal("reverted", Assert.Single((await first).Decisions));
        Assert.Equal("already reverted", Assert.Single((await second).Decisions));
    }

    [Fact]
    public async Task Firing_StillOnWhenTheNextDeploymentBakes_DoesNotRevertThatOneToo()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        var alarm = RollbackHost.Alarm();
        alarm["startsAt"] = "2026-01-31T12:00:00Z";
        await host.SendAsync(alarm);
        router.SwitchTo(Guid.NewGuid());

        var standing = await host.SendAsync(alarm);
        alarm["startsAt"] = "2026-01-31T12:30:00Z";
        var next = await host.SendAsync(alarm);

        Assert.Equal("already reverted", Assert.Single(standing.Decisions));
        Assert.Equal("reverted", Assert.Single(next.Decisions));
        Assert.Equal(2, router.Flips);
    }

    [Fact]
    public async Task Alarm_WithNothingToRevert_IsKeptAsIgnored()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsRevertible = false;

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal(202, answer.Status);
        Assert.StartsWith("ignored: nothing is baking", Assert.Single(answer.Decisions), StringComparison.Ordinal);
        Assert.Empty(router.Reverts);
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision.StartsWith("ignored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alarm_ThatNoRuleIsAbout_IsKeptAsIgnored()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        var alarm = RollbackHost.Alarm();
        alarm["labels"] = new JsonObject { ["endpoint"] = "another" };

        var answer = await host.SendAsync(alarm);

        Assert.Equal("ignored: no endpoint has a rule for it", Assert.Single(answer.Decisions));
        Assert.Null((await host.Told.NextAsync<AlarmRaised>()).Endpoint);
        Assert.Empty(router.Reverts);
    }

    [Fact]
    public async Task Group_WithAlertsLeftOut_ActsOnTheOthersAndTellsPeopleOnce()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        JsonObject Alert(string name) => new()
        {
            ["status"] = "firing",
            ["labels"] = new JsonObject { ["alertname"] = name, ["endpoint"] = "fraud" },
            ["startsAt"] = "2026-01-31T12:00:00Z",
        };
        var group = new JsonObject
        {
            ["version"] = "4",
            ["groupKey"] = "g",
            ["truncatedAlerts"] = 7,
            ["alerts"] = new JsonArray(Alert("errors"), Alert("latency")),
        };

        var answer = await host.SendAsync("alertmanager", group.ToJsonString());
        await host.SendAsync("alertmanager", group.ToJsonString());
        await host.SendAsync(RollbackHost.Alarm());

        Assert.Contains("reverted", answer.Decisions);
        Assert.Equal("7", (await host.Told.NextAsync<AlarmRaised>(raised => raised.Name == "errors")).Inputs["truncatedAlerts"]);
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Source == "generic");
        Assert.Contains("left 7 alarms out", Assert.Single(host.Told.All<AttentionRequired>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revert_RefusedByTheRouter_TellsPeople()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.Refusal = "no standby replica is ready";

        var answer = await host.SendAsync(RollbackHost.Alarm());

        Assert.Equal((202, "refused: no standby replica is ready"), (answer.Status, Assert.Single(answer.Decisions)));
        await host.Told.NextAsync<RevertRefused>(refused => refused.DeploymentId == router.Green);
        Assert.True((await host.Told.NextAsync<Notifying.Notification>()).IsUrgent);
    }
}
