using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms;

namespace BlueGreen.Rollback.Tests;

/// <summary>Firings that are told after their own end: retried, repeated by a peer, or replayed by somebody who kept a signed request.</summary>
public sealed class EndedAlarmTests
{
    private const string Ended = "ignored: it has ended";
    private static readonly DateTimeOffset Noon = new(2026, 2, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Sns_AlarmThatIsRetriedAfterItsOk_DoesNotRevert()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.SendAsync("sns", CloudWatch("OK", Noon.AddMinutes(5)));

        var late = await host.SendAsync("sns", CloudWatch("ALARM", Noon));
        Assert.Empty(router.Reverts);
        var next = await host.SendAsync("sns", CloudWatch("ALARM", Noon.AddMinutes(9)));

        Assert.Equal(Ended, Assert.Single(late.Decisions));
        Assert.Equal("reverted", Assert.Single(next.Decisions));
    }

    [Fact]
    public async Task Alertmanager_FiringRepeatedAfterItsRecovery_DoesNotRevertAndTheNextOneDoes()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, RollbackHost.Rule("alertmanager", TimeSpan.FromMinutes(2)));
        var now = TimeProvider.System.GetUtcNow();
        var first = await host.SendAsync("alertmanager", Group("firing", now.AddSeconds(-60)));
        await host.SendAsync("alertmanager", Group("resolved", now.AddSeconds(-60), now.AddSeconds(-50)));
        await host.ConfigureAsync("fraud", 3, RollbackHost.Rule("alertmanager", TimeSpan.FromSeconds(30)));

        var again = await host.SendAsync("alertmanager", Group("firing", now.AddSeconds(-60)));
        Assert.Empty(router.Reverts);
        var next = await host.SendAsync("alertmanager", Group("firing", now.AddSeconds(-40)));

        Assert.StartsWith("waiting", Assert.Single(first.Decisions), StringComparison.Ordinal);
        Assert.Equal(Ended, Assert.Single(again.Decisions));
        Assert.Equal("reverted", Assert.Single(next.Decisions));
    }

    [Fact]
    public async Task PagerDuty_TriggeredReplayedAfterItsResolution_DoesNotRevertAndReopeningDoes()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2, Service);
        router.IsRevertible = false;
        await host.SendAsync("pagerduty", Incident("incident.triggered", "01A", Noon));
        await host.SendAsync("pagerduty", Incident("incident.resolved", "01B", Noon.AddMinutes(5)));
        router.SwitchTo(Guid.NewGuid());

        var replayed = await host.SendAsync("pagerduty", Incident("incident.triggered", "01A", Noon));
        Assert.Empty(router.Reverts);
        var reopened = await host.SendAsync("pagerduty", Incident("incident.reopened", "01C", Noon.AddMinutes(9)));

        Assert.Equal(Ended, Assert.Single(replayed.Decisions));
        Assert.Equal("reverted", Assert.Single(reopened.Decisions));
    }

    [Fact]
    public async Task Ends_OfAlarms_AreRememberedOverARestart()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsRevertible = false;
        await host.SendAsync("sns", CloudWatch("OK", Noon.AddMinutes(5)));
        await host.SendAsync("alertmanager", Group("firing", Noon.AddMinutes(3)));
        await host.SendAsync("alertmanager", Group("resolved", Noon.AddMinutes(3), Noon.AddMinutes(5)));
        await host.StopAsync();
        await host.RunAsync();
        await host.RecallAsync();
        router.SwitchTo(Guid.NewGuid());

        var late = await host.SendAsync("sns", CloudWatch("ALARM", Noon));
        var again = await host.SendAsync("alertmanager", Group("firing", Noon.AddMinutes(3)));
        var earlier = await host.SendAsync("alertmanager", Group("firing", Noon.AddMinutes(4)));

        Assert.Equal([Ended, Ended, Ended], [.. late.Decisions, .. again.Decisions, .. earlier.Decisions]);
        Assert.Empty(router.Reverts);
        Assert.Equal("reverted", Assert.Single((await host.SendAsync("alertmanager", Group("firing", Noon.AddMinutes(6)))).Decisions));
    }

    [Fact]
    public async Task Acknowledgement_OfAFiring_IsNoEndAlsoOverARestart()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsRevertible = false;
        var firing = Encoding.UTF8.GetString(AlarmPayload.Find("newrelic", "firing--activated").Body);
        await host.SendAsync("newrelic", firing);
        await host.SendAsync("newrelic", Encoding.UTF8.GetString(AlarmPayload.Find("newrelic", "note--acknowledged").Body));
        await host.StopAsync();
        await host.RunAsync();
        await host.RecallAsync();
        router.SwitchTo(Guid.NewGuid());

        Assert.Equal("reverted", Assert.Single((await host.SendAsync("newrelic", firing)).Decisions));
    }

    private static AlarmRule Service => new() { Source = "pagerduty", Labels = new Dictionary<string, string> { ["service"] = "fraud" } };

    private static string CloudWatch(string state, DateTimeOffset at)
    {
        var envelope = JsonNode.Parse(AlarmPayload.Find("sns", "firing--metric-math").Body)!;
        var message = JsonNode.Parse(envelope["Message"]!.GetValue<string>())!;
        message["NewStateValue"] = state;
        message["StateChangeTime"] = at.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture) + "+0000";
        envelope["Message"] = message.ToJsonString();
        return envelope.ToJsonString();
    }

    private static string Group(string status, DateTimeOffset startsAt, DateTimeOffset? endsAt = null) => new JsonObject
    {
        ["version"] = "4",
        ["groupKey"] = "g",
        ["alerts"] = new JsonArray(new JsonObject
        {
            ["status"] = status,
            ["labels"] = new JsonObject { ["alertname"] = "errors", ["endpoint"] = "fraud" },
            ["startsAt"] = startsAt.ToString("O"),
            ["endsAt"] = endsAt?.ToString("O") ?? "0001-01-01T00:00:00Z",
            ["fingerprint"] = "1",
        }),
    }.ToJsonString();

    private static string Incident(string kind, string id, DateTimeOffset at)
    {
        var payload = JsonNode.Parse(AlarmPayload.Find("pagerduty", "firing--triggered").Body)!;
        payload["event"]!["event_type"] = kind;
        payload["event"]!["id"] = id;
        payload["event"]!["occurred_at"] = at.ToString("O");
        return payload.ToJsonString();
    }
}
