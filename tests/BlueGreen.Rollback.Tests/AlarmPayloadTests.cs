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
    [InlineData("gcp", "firing--open", "resolved--closed")]
    public void Recovery_OfAFiring_IsOfTheSameSeries(string source, string firing, string recovery) =>
        Assert.Equal(Series(source, firing), Series(source, recovery));

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

    private static string Series(string source, string name) => Assert.Single(
        AllSources.Of(source).Read(AllSources.Request(AlarmPayload.Find(source, name).Body), AllSources.Options).Alarms).Series;
}
