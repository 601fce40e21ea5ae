using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Prometheus Alertmanager's webhook receiver, payload version 4. One request is one group and may mix firing and resolved alerts; only
/// each alert's own status counts. Members this does not know are tolerated: newer versions add some.
/// </summary>
internal sealed class AlertmanagerSource : IAlarmSource
{
    private const string Version = "4";
    private const int MaxGroupKey = 1024 * 1024;
    private const int MaxVersion = 16;

    public string Name => "alertmanager";

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var group = JsonFields.Read(request.Body);
        if (group.Text("version", MaxVersion) != Version)
            group.Refuse("version", $"Only version \"{Version}\" of Alertmanager's webhook is understood (Alertmanager 0.6 and later).");
        var groupKey = group.Text("groupKey", MaxGroupKey);
        var payloads = PayloadValue.Parse(request.Body).Root["alerts"].Items.ToList();
        var alarms = group.Items("alerts")
            .Select((alert, index) => AlertGroup.Read(alert, payloads.ElementAtOrDefault(index), Name, groupKey)).ToList();
        // An integer, and yet some relays make it 0.0.
        var truncated = group.LooseNumber("truncatedAlerts") ?? 0;
        return group.Problem is { } problem
            ? AlarmReading.Invalid(problem)
            : AlarmReading.Of(alarms, (int)Math.Clamp(truncated, 0, int.MaxValue));
    }
}
