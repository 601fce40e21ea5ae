using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>CloudWatch alarms by an EventBridge rule and an API destination, whose connection presents the token.</summary>
internal sealed class EventBridgeSource : IAlarmSource
{
    public string Name => "eventbridge";

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        return root["detail-type"].Text is null
            ? AlarmReading.Invalid(
                root["detail-type"].Refuse("An EventBridge event must have a detail-type: send the matched event as it is, not a part of it."))
            : CloudWatchAlarm.OfEvent(root, Name);
    }
}
