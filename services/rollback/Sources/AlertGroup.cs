using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>A group of alerts as Alertmanager and Grafana send it: firing and resolved mixed, each alert's own status counts.</summary>
internal static class AlertGroup
{
    private const int MaxStatus = 32;

    /// <summary>Reads one member of <c>alerts</c>; what is wrong with it shows as the group's problem.</summary>
    public static Alarm Read(JsonFields alert, PayloadValue payload, string source, string groupKey)
    {
        var labels = alert.Texts("labels");
        var startsAt = alert.OptionalTime("startsAt");
        // Senders that only resemble Alertmanager leave the fingerprint out; it stands for the labels.
        var fingerprint = alert.LooseText("fingerprint") is { Length: > 0 } given ? given : LabelDigest.Of(labels);
        var isFiring = IsFiring(alert);
        var annotations = alert.LooseObject("annotations");
        return new Alarm
        {
            Source = source,
            Name = labels.GetValueOrDefault("alertname") is { Length: > 0 } name ? name : "unnamed",
            Firing = isFiring,
            Labels = labels,
            Series = $"{groupKey}|{fingerprint}",
            StartsAt = startsAt,
            At = isFiring ? null : payload["endsAt"].Time(),
            Identity = startsAt is { } since ? $"{groupKey}|{fingerprint}|{since:O}" : null,
            Summary = annotations?.LooseText("summary") ?? annotations?.LooseText("description"),
            Payload = payload,
        };
    }

    /// <summary>The <c>status</c> member that Alertmanager, Grafana and the generic source share.</summary>
    public static bool IsFiring(JsonFields fields)
    {
        var status = fields.Text("status", MaxStatus);
        if (status is not ("firing" or "resolved")) fields.Refuse("status", "It must be `firing` or `resolved`.");
        return status == "firing";
    }
}
