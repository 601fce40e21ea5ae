using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Alarms;

/// <summary>The <c>status</c> member that Alertmanager, Grafana and the generic source share.</summary>
internal static class AlarmStatus
{
    private const int MaxLength = 32;

    public static bool IsFiring(JsonFields fields)
    {
        var status = fields.Text("status", MaxLength);
        if (status is not ("firing" or "resolved")) fields.Refuse("status", "It must be `firing` or `resolved`.");
        return status == "firing";
    }
}
