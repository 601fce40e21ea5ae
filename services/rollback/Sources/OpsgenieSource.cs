using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Opsgenie's (and Jira Service Management's) webhook integration: only the action <c>Create</c> fires; <c>Close</c> and <c>Delete</c> end it.
/// </summary>
internal sealed class OpsgenieSource : IAlarmSource
{
    public string Name => "opsgenie";

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        if (root["action"].Text is not { } action)
            return AlarmReading.Invalid(
                root["action"].Refuse("Opsgenie says what happened in `action`, such as `Create`."));
        var alert = root["alert"];
        if (!alert.IsObject) return AlarmReading.Invalid(alert.Refuse("It must be an object: let the integration send the alert's payload."));
        if (alert["alertId"].Text is not { } id) return AlarmReading.Invalid(alert["alertId"].Refuse("An alert has an id."));

        var name = alert["message"].Text ?? alert["alias"].Text ?? id;
        var labels = new Labels().Add("alias", alert["alias"]).Add("entity", alert["entity"]).Add("priority", alert["priority"])
            .Add("source", alert["source"]).Add("team", alert["team"]).AddTags(alert["tags"]).AddAll(alert["details"]);
        var isFiring = action == "Create";
        var since = alert["createdAt"].Time();
        return AlarmReading.Of(new Alarm
        {
            Source = Name,
            Name = name,
            Firing = isFiring,
            Note = isFiring || action is "Close" or "Delete" ? null : $"the action {StorableText.Of(action)} is no transition",
            Labels = labels.Named(name),
            // An alias has one open alert at a time; the next one is the same alarm again.
            Series = alert["alias"].Text ?? id,
            StartsAt = since,
            At = isFiring ? null : alert["updatedAt"].Time(),
            Identity = id,
            Summary = alert["description"].Text ?? name,
            Payload = root,
        });
    }
}
