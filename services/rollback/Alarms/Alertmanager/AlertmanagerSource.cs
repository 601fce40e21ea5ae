using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Alarms.Alertmanager;

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

    public FieldProblem? Authenticate(WebhookRequest request, string token) => SourceToken.Check(request, token);

    public AlarmReading Read(WebhookRequest request)
    {
        var group = JsonFields.Read(request.Body);
        if (group.Text("version", MaxVersion) != Version)
            group.Refuse("version", $"Only version \"{Version}\" of Alertmanager's webhook is understood (Alertmanager 0.6 and later).");
        var groupKey = group.Text("groupKey", MaxGroupKey);
        var alarms = group.Items("alerts").Select(alert => ReadAlert(alert, groupKey)).ToList();
        // An integer, and yet some relays make it 0.0.
        var truncated = group.LooseNumber("truncatedAlerts") ?? 0;
        return group.Problem is { } problem
            ? AlarmReading.Invalid(problem)
            : AlarmReading.Of(alarms, (int)Math.Clamp(truncated, 0, int.MaxValue));
    }

    private Alarm ReadAlert(JsonFields alert, string groupKey)
    {
        var labels = alert.Texts("labels");
        var startsAt = alert.OptionalTime("startsAt");
        // Senders that only resemble Alertmanager leave the fingerprint out; it stands for the labels.
        var fingerprint = alert.LooseText("fingerprint") is { Length: > 0 } given ? given : LabelDigest.Of(labels);
        var annotations = alert.LooseObject("annotations");
        return new Alarm
        {
            Source = Name,
            Name = labels.GetValueOrDefault("alertname") is { Length: > 0 } name ? name : "unnamed",
            Firing = AlarmStatus.IsFiring(alert),
            Labels = labels,
            Series = $"{groupKey}|{fingerprint}",
            StartsAt = startsAt,
            Identity = startsAt is { } since ? $"{groupKey}|{fingerprint}|{since:O}" : null,
            Summary = annotations?.LooseText("summary") ?? annotations?.LooseText("description"),
        };
    }
}
