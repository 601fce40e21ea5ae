using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// PagerDuty's webhooks, version 3. Signed with <c>X-PagerDuty-Signature</c>: a list of <c>v1=</c> and the hexadecimal HMAC-SHA256 of the body, one
/// per secret while secrets are exchanged. Only a new or reopened incident fires; acknowledging, escalating, changing and the like are no
/// transitions.
/// </summary>
internal sealed class PagerDutySource : IAlarmSource
{
    private const string SignatureHeader = "X-PagerDuty-Signature";
    private const string Version = "v1=";
    private const int MostSignatures = 16;

    public string Name => "pagerduty";

    public IReadOnlyList<string> EnabledBy => [nameof(AlarmSourceOptions.Secret)];

    public ValueTask<FieldProblem?> AuthenticateAsync(WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(CheckSignature(request, options.Secret));

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        var news = root["event"];
        if (!news.IsObject) return AlarmReading.Invalid(news.Refuse("Version 3 of PagerDuty's webhooks has an `event`: create a V3 subscription."));
        if (news["event_type"].Text is not { } kind)
            return AlarmReading.Invalid(
                news["event_type"].Refuse("An event has a type, such as `incident.triggered`."));
        if (kind == "pagey.ping") return AlarmReading.Nothing(Name, kind, "a test notification");
        if (!kind.StartsWith("incident.", StringComparison.Ordinal))
            return AlarmReading.Nothing(Name, StorableText.Of(kind), "not about an incident");

        var incident = IncidentOf(kind, news["data"]);
        if (incident["id"].Text is not { } id) return AlarmReading.Invalid(incident["id"].Refuse("An incident has an id."));
        return AlarmReading.Of(ReadIncident(kind, id, incident, news, root));
    }

    private Alarm ReadIncident(string kind, string id, PayloadValue incident, PayloadValue news, PayloadValue root)
    {
        var title = incident["title"].Text ?? incident["summary"].Text ?? $"incident {id}";
        var isFiring = kind is "incident.triggered" or "incident.reopened";
        var labels = new Labels().Add("service", incident["service"]["summary"]).Add("service_id", incident["service"]["id"])
            .Add("incident_key", incident["incident_key"]).Add("urgency", incident["urgency"]).Add("priority", incident["priority"]["summary"])
            .Add("title", title);
        foreach (var field in incident["custom_fields"].Items)
            if (field["name"].Text is { } name) labels.Add(name, field["value"]);
        return new Alarm
        {
            Source = Name,
            Name = title,
            Firing = isFiring,
            Note = isFiring || kind == "incident.resolved" ? null : $"{StorableText.Of(kind)} is no transition",
            Labels = labels.Named(title),
            // A key has one open incident of a service at a time; the next one is the same alarm again.
            Series = incident["incident_key"].Scalar is { } key ? $"{incident["service"]["id"].Scalar}|{key}" : id,
            // When it was reopened, not when it was created: that firing is the news.
            StartsAt = isFiring ? news["occurred_at"].Time() : null,
            At = news["occurred_at"].Time(),
            Identity = $"{id}|{news["id"].Scalar}",
            Summary = title,
            Payload = root,
        };
    }

    // Of notes, responders and the like the incident is a member.
    private static PayloadValue IncidentOf(string kind, PayloadValue data) =>
        data["incident"].IsObject && kind is not ("incident.triggered" or "incident.reopened" or "incident.resolved") ? data["incident"] : data;

    private static FieldProblem? CheckSignature(WebhookRequest request, string secret)
    {
        var signatures = request.Headers[SignatureHeader].SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Take(MostSignatures).Where(signature => signature.StartsWith(Version, StringComparison.Ordinal)).ToList();
        if (signatures.Count == 0)
            return new(
                StatusCodes.Status401Unauthorized, SignatureHeader, $"The request must carry a signature: `{SignatureHeader}: v1=<hexadecimal>`.");
        return signatures.Any(signature => WebhookSignature.IsValidHex(secret, "", request.Body, signature[Version.Length..]))
            ? null
            : new(StatusCodes.Status401Unauthorized, SignatureHeader, "No signature is that of this body and the source's secret.");
    }
}
