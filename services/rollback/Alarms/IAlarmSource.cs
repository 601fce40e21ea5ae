using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// One alerting system's way of telling alarms. Both methods are pure: no I/O, and nothing that can be in the request makes them throw.
/// </summary>
internal interface IAlarmSource
{
    /// <summary>Last segment of the request's path, name of the source's options and of its alarm rules, e.g. <c>alertmanager</c>.</summary>
    string Name { get; }

    /// <summary>Null when the request is authentic, else the refusal.</summary>
    FieldProblem? Authenticate(WebhookRequest request, string token);

    /// <summary>Reads an authentic request. A refusal is final: alerting systems do not repeat what was answered with 4xx.</summary>
    AlarmReading Read(WebhookRequest request);
}
