using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// New Relic's workflow webhook (a template: <c>id</c>, <c>state</c>, <c>title</c>, <c>priority</c>, <c>alertConditionNames</c> and the like in the
/// default one), and the payload of the channels before workflows (<c>current_state</c>, <c>incident_id</c>).
/// </summary>
internal sealed class NewRelicSource : IAlarmSource
{
    public string Name => "newrelic";

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        if (root["state"].Text is { } state) return AlarmReading.Of(ReadIssue(root, state.ToUpperInvariant()));
        return root["current_state"].Text is { } legacy
            ? AlarmReading.Of(ReadIncident(root, legacy.ToUpperInvariant()))
            : AlarmReading.Invalid(
                root["state"].Refuse("Put \"state\": {{json state}} into the workflow's payload: without it a recovery looks like an alarm."));
    }

    private Alarm ReadIssue(PayloadValue root, string state)
    {
        var conditions = Names(root["alertConditionNames"]);
        var entities = Names(root["impactedEntities"]);
        var name = conditions.FirstOrDefault() ?? root["title"].Text ?? "issue";
        var id = root.Any("id", "issueId").Scalar;
        var labels = new Labels().Add("condition", conditions.FirstOrDefault()).Add("policy", root["alertPolicyNames"].Items.FirstOrDefault())
            .Add("priority", root["priority"]).Add("workflow", root["workflowName"]).AddAll(root["labels"]).AddTags(root["tags"]).AddAll(root);
        var isActive = state is "CREATED" or "ACTIVATED";
        var isOver = state is "CLOSED" or "DEACTIVATED";
        var note = NoteOf(root["trigger"].Text?.Trim().ToUpperInvariant() ?? "", isActive)
            ?? (isActive || isOver ? null : $"the state {StorableText.Of(state)} is no transition");
        return Told(root, labels, name, id, isActive, note) with
        {
            Series = conditions.Count + entities.Count > 0
                ? $"{string.Join(',', conditions.Order(StringComparer.Ordinal))}|{string.Join(',', entities.Order(StringComparer.Ordinal))}"
                : id ?? name,
            StartsAt = root.Any("activatedAt", "createdAt").Time(),
            At = isOver ? root.Any("closedAt", "updatedAt").Time() : null,
        };
    }

    private Alarm ReadIncident(PayloadValue root, string state)
    {
        var name = root["condition_name"].Text ?? "incident";
        var target = root["targets"].Items.FirstOrDefault();
        var labels = new Labels().Add("condition", root["condition_name"]).Add("policy", root["policy_name"]).Add("severity", root["severity"])
            .Add("target", target["name"]).AddAll(target["labels"]);
        var isTest = state == "TEST" || target["product"].Text == "TESTING";
        var note = isTest ? "a test notification" : state is "OPEN" or "CLOSED" ? null : $"the state {StorableText.Of(state)} is no transition";
        var told = Told(root, labels, name, root["incident_id"].Scalar, state == "OPEN", note) with { At = root["timestamp"].Time() };
        return root["condition_id"].Scalar is { } condition ? told with { Series = $"{condition}|{target.Any("id", "name").Scalar}" } : told;
    }

    private Alarm Told(PayloadValue root, Labels labels, string name, string? id, bool isFiring, string? note) => new()
    {
        Source = Name,
        Name = name,
        Firing = isFiring && note is null,
        Note = note,
        Labels = labels.Named(name),
        Series = id ?? name,
        Identity = id,
        Summary = root["title"].Text ?? root["details"].Text ?? name,
        Payload = root,
    };

    // What made the workflow run, where the template says so: what people do about an issue, and incidents that end, leave its state as it is.
    private static string? NoteOf(string trigger, bool isActive) =>
        trigger.Contains("TEST", StringComparison.Ordinal) ? "a test notification"
        : isActive && trigger is not ("" or "STATE_CHANGE" or "INCIDENT_ADDED") ? $"the trigger {StorableText.Of(trigger)} is no transition"
        : null;

    private static List<string> Names(PayloadValue names) => [.. names.Items.Select(item => item.Text).OfType<string>()];
}
