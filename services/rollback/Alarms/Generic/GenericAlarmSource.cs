using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Alarms.Generic;

/// <summary>Our own format, for scripts and alerting systems whose payload is a template: one alarm per request.</summary>
internal sealed class GenericAlarmSource : IAlarmSource
{
    private const int MaxName = 256;
    private const int MaxReason = 2048;

    public string Name => "generic";

    public FieldProblem? Authenticate(WebhookRequest request, string token) => SourceToken.Check(request, token);

    public AlarmReading Read(WebhookRequest request)
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
            Firing = AlarmStatus.IsFiring(fields),
            Labels = labels,
            Series = series,
            StartsAt = startsAt,
            Identity = startsAt is { } since ? $"{series}|{since:O}" : null,
            Summary = fields.OptionalText("reason", MaxReason),
        };
        fields.RefuseOthers();
        return fields.Problem is { } problem ? AlarmReading.Invalid(problem) : AlarmReading.Of([alarm]);
    }
}
