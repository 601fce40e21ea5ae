using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>One alerting system's way of telling alarms. Nothing that can be in a request makes either method throw.</summary>
internal interface IAlarmSource
{
    /// <summary>Last segment of the request's path, name of the source's options and of its alarm rules, e.g. <c>alertmanager</c>.</summary>
    string Name { get; }

    /// <summary>The options that enable it: one of these must be set. A source without any is off.</summary>
    IReadOnlyList<string> EnabledBy => [nameof(AlarmSourceOptions.Token)];

    /// <summary>Null when the request is authentic, else the refusal.</summary>
    ValueTask<FieldProblem?> AuthenticateAsync(WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SourceToken.Check(request, options));

    /// <summary>Reads an authentic request. A refusal is final: alerting systems do not repeat what was answered with 4xx.</summary>
    AlarmReading Read(WebhookRequest request, AlarmSourceOptions options);
}
