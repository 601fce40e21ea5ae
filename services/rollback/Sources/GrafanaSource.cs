using System.Globalization;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Grafana Alerting's webhook contact point: Alertmanager's group with members of its own and version "1". Signed, where a secret is set, as
/// hexadecimal HMAC-SHA256 over the body, or over the timestamp, a colon and the body when the contact point names a timestamp header
/// (github.com/grafana/alerting, <c>http/hmac.go</c>). The legacy dashboard alerts of Grafana 8 and before are refused.
/// </summary>
internal sealed class GrafanaSource : IAlarmSource
{
    private const string SignatureHeader = "X-Grafana-Alerting-Signature";
    private const int MaxGroupKey = 1024 * 1024;
    private static readonly TimeSpan ReplayWindow = TimeSpan.FromMinutes(5);

    public string Name => "grafana";

    public IReadOnlyList<string> EnabledBy => [nameof(AlarmSourceOptions.Secret), nameof(AlarmSourceOptions.Token)];

    public ValueTask<FieldProblem?> AuthenticateAsync(WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SourceToken.Check(request, options) ?? CheckSignature(request, options));

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var group = JsonFields.Read(request.Body);
        var payload = PayloadValue.Parse(request.Body).Root;
        if (group.Problem is null && payload["evalMatches"].Exists && !payload["alerts"].Exists)
            group.Refuse(
                "alerts",
                "These are legacy dashboard alerts (Grafana 8 and before): move to Grafana Alerting, whose contact point sends `alerts`.");
        var groupKey = group.LooseText("groupKey") is { Length: > 0 and <= MaxGroupKey } given ? given : "";
        var payloads = payload["alerts"].Items.ToList();
        var alarms = group.Items("alerts")
            .Select((alert, index) => AsTest(AlertGroup.Read(alert, payloads.ElementAtOrDefault(index), Name, groupKey))).ToList();
        var truncated = group.LooseNumber("truncatedAlerts") ?? 0;
        return group.Problem is { } problem
            ? AlarmReading.Invalid(problem)
            : AlarmReading.Of(alarms, (int)Math.Clamp(truncated, 0, int.MaxValue));
    }

    /// <summary>
    /// What the contact point's "Test" button sends: always the alert <c>TestAlert</c>, of an instance <c>Grafana</c> or without a rule's address.
    /// </summary>
    private static Alarm AsTest(Alarm alarm)
    {
        var isTest = alarm.Name == "TestAlert"
            && (alarm.Labels.GetValueOrDefault("instance") == "Grafana"
                || alarm.Payload["generatorURL"].Text?.StartsWith('?') == true);
        return isTest ? alarm with { Firing = false, Note = "a test notification" } : alarm;
    }

    private static FieldProblem? CheckSignature(WebhookRequest request, AlarmSourceOptions options)
    {
        if (options.Secret.Length == 0) return null;
        if (!request.Headers.TryGetValue(SignatureHeader, out var values) || values is not [{ } signature])
            return Unsigned(SignatureHeader, $"The request must carry its signature in {SignatureHeader}.");
        var prefix = "";
        if (options.TimestampHeader.Length > 0)
        {
            var header = request.Headers.TryGetValue(options.TimestampHeader, out var times) && times is [{ } time] ? time : "";
            if (!long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || Math.Abs(request.ReceivedAt.ToUnixTimeSeconds() - (double)seconds) > ReplayWindow.TotalSeconds)
                return Unsigned(options.TimestampHeader, "The request must say when it was sent, in seconds since 1970, within 5 minutes of now.");
            prefix = $"{header}:";
        }

        return WebhookSignature.IsValidHex(options.Secret, prefix, request.Body, signature.Trim())
            ? null
            : Unsigned(SignatureHeader, "The signature is not that of this body and the source's secret.");
    }

    private static FieldProblem Unsigned(string header, string detail) => new(StatusCodes.Status401Unauthorized, header, detail);
}
