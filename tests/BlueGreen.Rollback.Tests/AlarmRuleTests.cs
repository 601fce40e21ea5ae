using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms;

namespace BlueGreen.Rollback.Tests;

/// <summary>What an endpoint's rules make of a firing alarm.</summary>
public sealed class AlarmRuleTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Alarm_ThatPointersLeadTo_Reverts()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, Pointing("/detail/alarmName", "another"));
        var body = Encoding.UTF8.GetString(AlarmPayload.Find("eventbridge", "firing--state-change").Body);
        Assert.Equal("ignored: no endpoint has a rule for it", Assert.Single((await host.SendAsync("eventbridge", body)).Decisions));

        await host.ConfigureAsync("fraud", 3, Pointing("/detail/configuration/metrics/0/metricStat/metric/dimensions/endpoint", "fraud"));

        Assert.Equal("reverted", Assert.Single((await host.SendAsync("eventbridge", body)).Decisions));
    }

    [Fact]
    public async Task Alarms_ThatActTogether_RevertWhenTheLastOfThemFires()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, Together("latency"), Together("errors"));

        var first = await host.SendAsync(Alarm("latency"));
        var other = await host.SendAsync(Alarm("latency", "resolved"));
        var second = await host.SendAsync(Alarm("errors"));
        var third = await host.SendAsync(Alarm("latency"));

        Assert.StartsWith("waiting: the rule acts only together", Assert.Single(first.Decisions), StringComparison.Ordinal);
        Assert.Equal("ignored: resolved", Assert.Single(other.Decisions));
        Assert.StartsWith("waiting", Assert.Single(second.Decisions), StringComparison.Ordinal);
        Assert.Equal("reverted", Assert.Single(third.Decisions));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarms_ThatActTogether_AreRememberedOverARestart()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, Together("latency"), Together("errors"));
        await host.SendAsync(Alarm("latency", since: Now));
        await host.StopAsync();
        await host.RunAsync();

        await Eventually.BecomesTrueAsync(async () => (await host.SendAsync(Alarm("errors"))).Decisions[0].EndsWith("reverted", StringComparison.Ordinal));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_RightAfterTheSwitch_WaitsForTransientsAndActsIfItStays()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, RollbackHost.Rule("any") with { Settle = TimeSpan.FromSeconds(3) });
        router.SwitchedAt = TimeProvider.System.GetUtcNow();

        var transient = await host.SendAsync(Alarm("transient"));
        await host.SendAsync(Alarm("transient", "resolved"));
        var lasting = await host.SendAsync(Alarm("lasting"));

        Assert.StartsWith("waiting: transients are left alone", Assert.Single(transient.Decisions), StringComparison.Ordinal);
        Assert.StartsWith("waiting: transients are left alone", Assert.Single(lasting.Decisions), StringComparison.Ordinal);
        Assert.Empty(router.Reverts);
        var raised = await host.Told.NextAsync<AlarmRaised>(raised => raised.Decision == "reverted");
        Assert.Equal("lasting", raised.Name);
        Assert.True(TimeProvider.System.GetUtcNow() - router.SwitchedAt >= TimeSpan.FromSeconds(3));
        Assert.Contains("settle=00:00:03", raised.Inputs["rule"], StringComparison.Ordinal);
        Assert.Contains("v7", raised.Inputs["live"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alarm_ThatFlaps_ActsWhenItsSpellsAddUp()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, RollbackHost.Rule("any") with { For = TimeSpan.FromSeconds(2), Within = TimeSpan.FromSeconds(60) });
        var started = TimeProvider.System.GetTimestamp();
        for (var spell = 0; router.Flips == 0; spell++)
        {
            var answer = await host.SendAsync(Alarm("flapping"));
            if (answer.Decisions[0] == "reverted") break;
            await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, TestContext.Current.CancellationToken);
            await host.SendAsync(Alarm("flapping", "resolved"));
            Assert.True(spell < 40, "it never acted");
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1.9, 20);
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Alarm_AboutBlue_PagesAndDoesNotFlip()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync(Labelled("errors", "environment", router.BlueEnvironment.ToString()));

        Assert.StartsWith("paged: it is about blue (v6)", Assert.Single(answer.Decisions), StringComparison.Ordinal);
        Assert.Empty(router.Reverts);
        Assert.Contains("errors", (await host.Told.NextAsync<AttentionRequired>()).Reason, StringComparison.Ordinal);
        Assert.True((await host.Told.NextAsync<Notifying.Notification>()).IsUrgent);
    }

    [Fact]
    public async Task Alarm_AboutGreen_FlipsUnlessTheSameFiresForBlue()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.SendAsync(Labelled("errors", "environment", router.BlueEnvironment.ToString()));

        var both = await host.SendAsync(Labelled("errors", "environment", router.GreenEnvironment.ToString()));
        var another = await host.SendAsync(Labelled("latency", "environment", router.GreenEnvironment.ToString()));

        Assert.StartsWith("paged: it fires for blue (v6) too", Assert.Single(both.Decisions), StringComparison.Ordinal);
        Assert.Equal("reverted", Assert.Single(another.Decisions));
        Assert.Equal(1, router.Flips);
    }

    [Fact]
    public async Task Group_ThatFiresForBothColours_DoesNotFlipWhateverTheirOrder()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        JsonObject Alert(Guid environment) => new()
        {
            ["status"] = "firing",
            ["labels"] = new JsonObject { ["alertname"] = "errors", ["endpoint"] = "fraud", ["environment"] = environment.ToString() },
            ["startsAt"] = "2026-01-31T12:00:00Z",
        };
        var answer = await host.SendAsync("alertmanager", new JsonObject
        {
            ["version"] = "4",
            ["groupKey"] = "g",
            ["alerts"] = new JsonArray(Alert(router.GreenEnvironment), Alert(router.BlueEnvironment)),
        }.ToJsonString());

        Assert.All(answer.Decisions, decision => Assert.StartsWith("paged", decision, StringComparison.Ordinal));
        Assert.Empty(router.Reverts);
    }

    [Fact]
    public async Task Alarm_AboutAnEnvironmentThatIsGone_IsIgnored()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync(Labelled("errors", "environment", Guid.NewGuid().ToString()));
        var word = await host.SendAsync(Labelled("errors", "environment", "production"));

        Assert.Equal("ignored: it is about an environment that is neither live nor standby", Assert.Single(answer.Decisions));
        Assert.Equal("reverted", Assert.Single(word.Decisions));
    }

    private static AlarmRule Pointing(string pointer, string value) => new()
    {
        Source = "eventbridge",
        Labels = new Dictionary<string, string>(),
        Pointers = new Dictionary<string, string> { [pointer] = value },
    };

    private static AlarmRule Together(string name) => new()
    {
        Source = "generic",
        Labels = new Dictionary<string, string> { ["what"] = name },
        Together = "both",
    };

    private static JsonObject Alarm(string name, string status = "firing", DateTimeOffset? since = null)
    {
        var alarm = Labelled(name, "what", name);
        alarm["status"] = status;
        if (since is { } startsAt) alarm["startsAt"] = startsAt.ToString("O");
        return alarm;
    }

    private static JsonObject Labelled(string name, string label, string value)
    {
        var alarm = RollbackHost.Alarm();
        alarm["name"] = name;
        alarm["labels"]![label] = value;
        return alarm;
    }
}
