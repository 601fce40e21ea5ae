using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>One alerting system's way of telling alarms. Nothing that can be in a request makes either method throw.</summary>
internal interface IAlarmSource
{
    /// <summary>Last segment of the request's path, name of the source's options and of its alarm rules, e.g. <c>alertmanager</c>.</summary>
    string Name { get; }

    /// <summary>The options that enable it: one of these must be set. A source without any is off.</summary>
    IReadOnlyList<string> EnabledBy => [nameof(AlarmSourceOptions.Token)];

    /// <summary>Whether its token may stand in the address's query, because the system can send no headers of its own.</summary>
    bool TakesTokenInQuery => false;

    /// <summary>Null when the request's body is authentic, else the refusal. The token was checked before the body was read.</summary>
    ValueTask<FieldProblem?> AuthenticateAsync(WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult<FieldProblem?>(null);

    /// <summary>Reads an authentic request. A refusal is final: alerting systems do not repeat what was answered with 4xx.</summary>
    AlarmReading Read(WebhookRequest request, AlarmSourceOptions options);
}
