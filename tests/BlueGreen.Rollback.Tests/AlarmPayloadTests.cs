using System.Text;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Rules;
using BlueGreen.Rollback.Sources;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms;

namespace BlueGreen.Rollback.Tests;

/// <summary>What each source documents to send, and what becomes of it.</summary>
public sealed class AlarmPayloadTests
{
    public static TheoryData<string, string> Payloads => [.. AlarmPayload.All.Select(payload => (payload.Source, payload.Name))];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Payload_AsDocumented_IsUnderstood(string source, string name)
    {
        var payload = AlarmPayload.Find(source, name);
        var reading = AllSources.Of(source).Read(AllSources.Request(payload.Body), AllSources.Options);
        if (payload.RefusedField is { } field)
        {
            Assert.Equal(field, reading.Problem?.Field);
            return;
        }

        Assert.Null(reading.Problem);
        var alarm = Assert.Single(reading.Alarms);
        Assert.Equal(payload.Expected, alarm switch { { Firing: true } => "firing", { Note: not null } => "note", _ => "resolved" });
        Assert.Equal(source, alarm.Source);
    }

    [Theory]
    [InlineData("alertmanager", "firing--one", "endpoint", "fraud")]
    [InlineData("grafana", "firing--one", "endpoint", "fraud")]
    [InlineData("sns", "firing--metric", "alarmName", "fraud-5xx")]
    [InlineData("sns", "firing--metric", "LoadBalancer", "app/fraud/50dc6c495c0c9188")]
    [InlineData("sns", "firing--metric", "region", "eu-west-1")]
    [InlineData("sns", "firing--metric-math", "endpoint", "fraud")]
    [InlineData("eventbridge", "firing--state-change", "endpoint", "fraud")]
    [InlineData("datadog", "firing--triggered", "endpoint", "fraud")]
    [InlineData("datadog", "firing--tags-as-array", "endpoint", "fraud")]
    [InlineData("pagerduty", "firing--triggered", "service", "fraud")]
    [InlineData("opsgenie", "firing--create", "endpoint", "fraud")]
    [InlineData("newrelic", "firing--activated", "endpoint", "fraud")]
    [InlineData("newrelic", "firing--channel-open", "endpoint", "fraud")]
    [InlineData("azuremonitor", "firing--fired", "endpoint", "fraud")]
    [InlineData("azuremonitor", "firing--fired", "alertRule", "fraud-errors")]
    [InlineData("azuremonitor", "firing--managed-prometheus", "endpoint", "fraud")]
    [InlineData("azuremonitor", "firing--log-alert-first-version", "endpoint", "fraud")]
    [InlineData("gcp", "firing--open", "endpoint", "fraud")]
    [InlineData("gcp", "firing--pubsub-push", "container_name", "fraud")]
    public void Payload_WithWhatTellsEndpointsApart_HasItAsALabel(string source, string name, string label, string value)
    {
        var reading = AllSources.Of(source).Read(AllSources.Request(AlarmPayload.Find(source, name).Body), AllSources.Options);
        Assert.Equal(value, Assert.Single(reading.Alarms).Labels[label]);
    }

    [Theory]
    [InlineData("alertmanager", "firing--one", "resolved--one")]
    [InlineData("grafana", "firing--one", "resolved--one")]
    [InlineData("sns", "firing--metric", "resolved--ok")]
    [InlineData("eventbridge", "firing--state-change", "resolved--ok")]
    [InlineData("datadog", "firing--triggered", "resolved--recovered")]
    [InlineData("pagerduty", "firing--triggered", "resolved--resolved")]
    [InlineData("opsgenie", "firing--create", "resolved--close")]
    [InlineData("newrelic", "firing--activated", "resolved--closed")]
    [InlineData("azuremonitor", "firing--fired", "resolved--resolved")]
    [InlineData("azuremonitor", "firing--resource-health", "resolved--resource-health")]
    [InlineData("newrelic", "firing--channel-open", "resolved--channel-closed")]
    [InlineData("gcp", "firing--open", "resolved--closed")]
    public void Recovery_OfAFiring_IsOfTheSameSeries(string source, string firing, string recovery) =>
        Assert.Equal(Series(source, firing), Series(source, recovery));

    /// <summary>The next incident of the same alarm has another id: only as one series do its spells add up.</summary>
    [Theory]
    [InlineData("gcp", "firing--open", "resolved--closed", "0.n7xq3v2c1b0a", "fraud")]
    [InlineData("azuremonitor", "firing--fired", "resolved--resolved", "8b3c1f5e-0f9a-4f3c-8d5a-2f1d3c4b5a69", "fraud")]
    [InlineData("newrelic", "firing--activated", "resolved--closed", "0ea2df1c-adab-45d2-aae0-042b609d2322", "fraud")]
    [InlineData("newrelic", "firing--channel-open", "resolved--channel-closed", "815", "9")]
    [InlineData("opsgenie", "firing--create", "resolved--close", "052652ac-5d1c-464a-812a-7dd18bbfba8c", "fraud")]
    [InlineData("pagerduty", "firing--triggered", "resolved--resolved", "Q2AB3CDEF4GHIJ", "fraud")]
    public void Spells_OfOneAlarmUnderNewIds_AddUp(string source, string firing, string recovery, string id, string subject)
    {
        var firings = new FiringAlarms();
        var noon = new DateTimeOffset(2026, 2, 3, 12, 0, 0, TimeSpan.Zero);
        Alarm Hear(Alarm alarm, int minute) => firings.Hear(
            alarm with { StartsAt = null, At = null },
            [new RuleMatch("fraud", [new KeyedRule("rule", RollbackHost.Rule("any"))])], noon.AddMinutes(minute)).Alarm;

        Hear(Read(source, firing), 0);
        Hear(Read(source, recovery), 1);
        var next = Hear(Read(source, firing, id, "4242"), 3);

        Assert.True(next.Firing);
        Assert.NotEqual(Read(source, firing).Identity, next.Identity);
        Assert.Equal(TimeSpan.FromMinutes(2), firings.FiredFor(next, TimeSpan.FromMinutes(10), noon.AddMinutes(4)));
        Assert.NotEqual(next.Series, Read(source, firing, subject, "77").Series);
    }

    [Fact]
    public void Pointers_OfACustomPayload_LeadToTheAlarm()
    {
        var options = new AlarmSourceOptions { Token = AlarmSender.Token, FiringValues = ["1", "true"], ResolvedValues = ["0"] };
        foreach (var (what, pointer) in new[] { ("name", "/check/0/title"), ("status", "/check/0/bad"), ("labels", "/tags"), ("id", "/check/0/run"), ("startsAt", "/at") })
            options.Pointers[what] = pointer;
        var alarm = Assert.Single(AllSources.Of("generic").Read(AllSources.Request(
            """{"check":[{"title":"p99","bad":true,"run":17}],"tags":["endpoint:fraud"],"at":1769999999}"""u8.ToArray()), options).Alarms);
        Assert.Equal(("p99", true, "fraud"), (alarm.Name, alarm.Firing, alarm.Labels["endpoint"]));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1769999999), alarm.StartsAt);
        var refused = AllSources.Of("generic").Read(AllSources.Request("""{"check":[]}"""u8.ToArray()), options);
        Assert.Equal("/check/0/bad", refused.Problem?.Field);
    }

    private static string Series(string source, string name) => Read(source, name).Series;

    private static Alarm Read(string source, string name, string text = "-", string instead = "-")
    {
        var body = Encoding.UTF8.GetString(AlarmPayload.Find(source, name).Body).Replace(text, instead, StringComparison.Ordinal);
        return Assert.Single(AllSources.Of(source).Read(AllSources.Request(Encoding.UTF8.GetBytes(body)), AllSources.Options).Alarms);
    }
}
