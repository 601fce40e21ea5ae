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
    private const string DefaultSignatureHeader = "X-Grafana-Alerting-Signature";
    private const int MaxGroupKey = 1024 * 1024;
    private static readonly TimeSpan ReplayWindow = TimeSpan.FromMinutes(5);

    public string Name => "grafana";

    public IReadOnlyList<string> EnabledBy => [nameof(AlarmSourceOptions.Secret), nameof(AlarmSourceOptions.Token)];

    public ValueTask<FieldProblem?> AuthenticateAsync(WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(CheckSignature(request, options));

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
            .Select((alert, index) => Judge(AlertGroup.Read(alert, payloads.ElementAtOrDefault(index), Name, groupKey))).ToList();
        var truncated = group.LooseNumber("truncatedAlerts") ?? 0;
        return group.Problem is { } problem
            ? AlarmReading.Invalid(problem)
            : AlarmReading.Of(alarms, (int)Math.Clamp(truncated, 0, int.MaxValue));
    }

    private static Alarm Judge(Alarm alarm)
    {
        var note = IsTest(alarm) ? "a test notification" : NoData(alarm);
        return note is null ? alarm : alarm with { Firing = false, Note = note };
    }

    /// <summary>
    /// What the contact point's "Test" button sends: the alert <c>TestAlert</c> of an instance <c>Grafana</c>, or, with labels of the tester's
    /// choice, one without a rule's address, of which only the query is left.
    /// </summary>
    private static bool IsTest(Alarm alarm) =>
        (alarm.Name == "TestAlert" && alarm.Labels.GetValueOrDefault("instance") == "Grafana")
        || alarm.Payload["generatorURL"].Text?.StartsWith('?') == true;

    /// <summary>A rule whose query has no data, or fails, tells so as an alert of this name, with the rule's own labels and its name in <c>rulename</c>.</summary>
    private static string? NoData(Alarm alarm) => alarm.Labels.ContainsKey("rulename")
        ? alarm.Name switch
        {
            "DatasourceNoData" => "the rule's query has no data",
            "DatasourceError" => "the rule's query fails",
            _ => null,
        }
        : null;

    private static FieldProblem? CheckSignature(WebhookRequest request, AlarmSourceOptions options)
    {
        if (options.Secret.Length == 0) return null;
        var carrier = options.SignatureHeader.Length > 0 ? options.SignatureHeader : DefaultSignatureHeader;
        if (!request.Headers.TryGetValue(carrier, out var values) || values is not [{ } signature])
            return Unsigned(carrier, $"The request must carry its signature in {carrier}.");
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
            : Unsigned(carrier, "The signature is not that of this body and the source's secret.");
    }

    private static FieldProblem Unsigned(string header, string detail) => new(StatusCodes.Status401Unauthorized, header, detail);
}
