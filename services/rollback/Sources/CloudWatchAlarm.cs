using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// CloudWatch's two ways of telling an alarm's state: the message of its SNS action, and its EventBridge event. Labels: <c>alarmName</c>,
/// <c>account</c>, <c>region</c>, <c>namespace</c>, <c>metricName</c> and every dimension by its own name.
/// </summary>
internal static class CloudWatchAlarm
{
    private const string StateChange = "CloudWatch Alarm State Change";
    private const string Alarming = "ALARM";

    /// <summary>The message of an alarm's SNS action, or an EventBridge event that a rule sent to the topic.</summary>
    public static AlarmReading OfMessage(PayloadValue message, string source)
    {
        if (message["detail-type"].Exists) return OfEvent(message, source);
        if (message["AlarmName"].Text is not { } name) return AlarmReading.Nothing(source, "message", "the message is no CloudWatch alarm");
        var state = message["NewStateValue"];
        if (!IsState(state.Text)) return Unknown(state);
        var arn = message["AlarmArn"].Text ?? name;
        var trigger = message["Trigger"];
        var labels = new Labels().Add("alarmName", name).Add("account", message["AWSAccountId"]).Add("region", RegionOf(arn))
            .Add("namespace", trigger["Namespace"]).Add("metricName", trigger["MetricName"]);
        AddDimensions(labels, trigger["Dimensions"]);
        foreach (var metric in trigger["Metrics"].Items.Select(item => item["MetricStat"]["Metric"]))
        {
            labels.Add("namespace", metric["Namespace"]).Add("metricName", metric["MetricName"]);
            AddDimensions(labels, metric["Dimensions"]);
        }

        return Read(new Told(source, name, arn, state.Text!, null, message["StateChangeTime"], message["NewStateReason"].Text), labels, message);
    }

    public static AlarmReading OfEvent(PayloadValue root, string source)
    {
        var kind = root["detail-type"].Text ?? "event";
        if (root["source"].Text is { } from && from != "aws.cloudwatch")
            return AlarmReading.Nothing(source, kind, $"the event is of {StorableText.Of(from)}, not of aws.cloudwatch");
        if (kind != StateChange)
            return AlarmReading.Nothing(source, root["detail"]["alarmName"].Text ?? kind, $"no change of state: {StorableText.Of(kind)}");

        var detail = root["detail"];
        if (detail["alarmName"].Text is not { } name)
            return AlarmReading.Invalid(
                detail["alarmName"].Refuse("An alarm's state change must name the alarm."));
        var state = detail["state"]["value"];
        if (!IsState(state.Text)) return Unknown(state);
        var arn = root["resources"].Items.Select(item => item.Text).FirstOrDefault(text => text is not null) ?? name;
        var labels = new Labels().Add("alarmName", name).Add("account", root["account"]).Add("region", root["region"]);
        foreach (var metric in detail["configuration"]["metrics"].Items.Select(item => item["metricStat"]["metric"]))
            labels.Add("namespace", metric["namespace"]).Add("metricName", metric["name"]).AddAll(metric["dimensions"]);
        return Read(
            new Told(source, name, arn, state.Text!, NoteOf(detail), detail["state"]["timestamp"], detail["state"]["reason"].Text), labels, root);
    }

    /// <summary>
    /// A composite alarm whose actions are suppressed does not act. When the suppression ends it says so from ALARM to ALARM, which is then
    /// the firing; any other change within ALARM is no transition.
    /// </summary>
    private static string? NoteOf(PayloadValue detail)
    {
        if (detail["state"]["value"].Text != Alarming) return null;
        if (detail["state"]["actionsSuppressedBy"].Text is { } suppressor) return $"its actions are suppressed by {StorableText.Of(suppressor)}";
        var before = detail["previousState"];
        return before["value"].Text == Alarming && !before["actionsSuppressedBy"].Exists ? "it was in alarm before: no transition" : null;
    }

    private static AlarmReading Read(Told told, Labels labels, PayloadValue payload)
    {
        var since = told.Since.Time();
        return AlarmReading.Of(new Alarm
        {
            Source = told.Source,
            Name = told.Name,
            Firing = told.State == Alarming && told.Note is null,
            Note = told.Note,
            Labels = labels.Named(told.Name),
            Series = told.Arn,
            StartsAt = since,
            At = since,
            Identity = since is null ? null : $"{told.Arn}|{since:O}",
            Summary = told.Reason,
            Payload = payload,
        });
    }

    private static void AddDimensions(Labels labels, PayloadValue dimensions)
    {
        foreach (var dimension in dimensions.Items)
            if (dimension.Any("name", "Name").Scalar is { } name) labels.Add(name, dimension.Any("value", "Value"));
    }

    private static bool IsState(string? state) => state is Alarming or "OK" or "INSUFFICIENT_DATA";

    private static AlarmReading Unknown(PayloadValue state) => AlarmReading.Invalid(state.Refuse("It must be `ALARM`, `OK` or `INSUFFICIENT_DATA`."));

    // arn:aws:cloudwatch:eu-west-1:123456789012:alarm:name; the message's own Region is a name for people.
    private static string? RegionOf(string arn) => arn.Split(':') is ["arn", _, _, { Length: > 0 } region, ..] ? region : null;

    private sealed record Told(string Source, string Name, string Arn, string State, string? Note, PayloadValue Since, string? Reason);
}
