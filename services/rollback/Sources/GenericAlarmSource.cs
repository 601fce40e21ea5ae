using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Our own format, for scripts and alerting systems whose payload is a template: one alarm per request. With pointers in the options, any
/// other system's JSON.
/// </summary>
internal sealed class GenericAlarmSource : IAlarmSource
{
    private const int MaxName = 256;
    private const int MaxReason = 2048;

    public string Name => "generic";

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options) =>
        options.Pointers.Count > 0 ? PointedAlarm.Read(request.Body, options, Name) : ReadOwn(request);

    private AlarmReading ReadOwn(WebhookRequest request)
    {
        var fields = JsonFields.Read(request.Body);
        var name = fields.Text("name", MaxName);
        var labels = fields.Texts("labels");
        var series = $"{name}|{LabelDigest.Of(labels)}";
        var startsAt = fields.OptionalTime("startsAt");
        var alarm = new Alarm
        {
            Source = Name,
            Name = name,
            Firing = AlertGroup.IsFiring(fields),
            Labels = labels,
            Series = series,
            StartsAt = startsAt,
            Identity = startsAt is { } since ? $"{series}|{since:O}" : null,
            Summary = fields.OptionalText("reason", MaxReason),
            Payload = PayloadValue.Parse(request.Body).Root,
        };
        fields.RefuseOthers();
        return fields.Problem is { } problem ? AlarmReading.Invalid(problem) : AlarmReading.Of(alarm);
    }
}
