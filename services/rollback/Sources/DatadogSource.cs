using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Datadog's webhook integration. Its payload is a template; this needs <c>$ALERT_TRANSITION</c> in <c>alert_transition</c>, and uses
/// <c>$ALERT_CYCLE_KEY</c> (<c>cycle_key</c>), which pairs an alert with its recovery, <c>$ALERT_ID</c>, <c>$TAGS</c>, <c>$ALERT_SCOPE</c>,
/// <c>$EVENT_TITLE</c> and <c>$DATE</c>. Warnings, missing data, renotifications of them and test notifications are no firing.
/// </summary>
internal sealed class DatadogSource : IAlarmSource
{
    public string Name => "datadog";

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        var told = root.Any("alert_transition", "alertTransition", "transition");
        if (told.Text is not { } transition)
            return AlarmReading.Invalid(
                told.Refuse("Put \"alert_transition\": \"$ALERT_TRANSITION\" into the webhook's payload: without it a recovery looks like an alarm."));
        if (transition.StartsWith('$'))
            return AlarmReading.Invalid(told.Refuse("Datadog did not fill in the variable: only monitors have a transition."));

        var title = root.Any("title", "event_title").Text ?? "monitor";
        var monitor = root.Any("alert_id", "alertId", "monitor_id").Scalar;
        var name = root.Any("alert_name", "monitor_name", "name").Text ?? title;
        var cycle = root.Any("cycle_key", "alert_cycle_key", "cycleKey").Scalar;
        var scope = root.Any("scope", "alert_scope").Scalar;
        var labels = new Labels().Add("monitor", monitor).AddTags(root["tags"]).AddTags(root.Any("scope", "alert_scope"))
            .Add("priority", root["priority"]).Add("title", title).AddAll(root["labels"]);
        var isTest = IsTest(title) || IsTest(name);
        var isFiring = !isTest && (Is(transition, "Triggered") || Is(transition, "Re-Triggered"));
        var since = root.Any("date", "last_updated").Time();
        return AlarmReading.Of(new Alarm
        {
            Source = Name,
            Name = name,
            Firing = isFiring,
            Note = isTest ? "a test notification" : isFiring || Is(transition, "Recovered") || Is(transition, "Normal")
                ? null
                : $"the transition '{StorableText.Of(transition)}' is no firing",
            Labels = labels.Named(name),
            Series = $"{monitor ?? name}|{scope}",
            // Of a renotification the date is its own.
            StartsAt = Is(transition, "Triggered") ? since : null,
            At = since,
            Identity = cycle ?? (since is null ? null : $"{monitor ?? name}|{scope}|{since:O}"),
            Summary = root.Any("text", "body", "text_only_msg").Text ?? title,
            Payload = root,
        });
    }

    // "Test Notifications" of a monitor: like the real ones, but for what Datadog puts before the title.
    private static bool IsTest(string title) => title.TrimStart().StartsWith("[TEST]", StringComparison.OrdinalIgnoreCase);

    private static bool Is(string transition, string word) => transition.Trim().Equals(word, StringComparison.OrdinalIgnoreCase);
}
