using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources.CloudEvents;

namespace BlueGreen.RegistryListener.Sources.Vertex;

/// <summary>
/// Vertex AI, which has no webhooks: its audit log arrives from Eventarc (CloudEvents, binary or structured) or through a log sink and a
/// Pub/Sub push subscription, whose message carries the entry in base64.
/// </summary>
internal sealed class VertexPromotionSource : IPromotionSource
{
    public string Name => "vertex";

    public bool RequiresJson => false;

    public Authentication Authenticate(WebhookRequest request, SourceOptions source) => SharedToken.Authenticate(request, source);

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        if (IsCloudEvent(request)) return CloudEventsOf(request);
        if (!request.Headers.ContentType.ToString().Contains("json", StringComparison.OrdinalIgnoreCase))
            return new WebhookReading.Refused(new(StatusCodes.Status415UnsupportedMediaType, "Content-Type", "Send JSON with `Content-Type: application/json`."));
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        if (!root["specversion"].IsMissing) return CloudEventsOf(request);
        if (!root["message"].IsMissing) return WebhookReading.Of(Pushed(root));
        return root["protoPayload"].IsMissing
            ? WebhookReading.Of(EventReading.Missing("message", "Send a Pub/Sub push, a CloudEvent or an audit log entry."))
            : WebhookReading.Of(Entry(root, null));
    }

    private static bool IsCloudEvent(WebhookRequest request) => request.Headers.ContainsKey("ce-specversion")
        || request.Headers.ContentType.ToString().StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase);

    private static WebhookReading CloudEventsOf(WebhookRequest request)
    {
        var (events, problem) = CloudEvent.ReadAll(request);
        return problem is not null
            ? new WebhookReading.Refused(problem)
            : new WebhookReading.Events([.. events.Select(item => item.Event is { } read ? Delivered(read) : RegistryEvent.Of(new EventReading.Invalid(item.Problem!)))]);
    }

    private static RegistryEvent Delivered(CloudEvent read)
    {
        if (read.Data["message"].IsObject) return Pushed(read.Data);
        return read.Data.IsObject
            ? Entry(read.Data, read.Key) with { OccurredAt = Occurred(read.Data) ?? read.Time }
            : new RegistryEvent { Id = read.Key, OccurredAt = read.Time, Reading = new EventReading.Ignored($"the data of '{read.Type}' is no JSON object") };
    }

    /// <summary>Pub/Sub repeats what is not acknowledged with 2xx for days, so what cannot be read is acknowledged and recorded.</summary>
    private static RegistryEvent Pushed(EventJson root)
    {
        var message = root["message"];
        var id = message["messageId"].Text ?? message["message_id"].Text;
        if (!message.IsObject) return RegistryEvent.Of(EventReading.Missing("message", "It must be an object."));
        if (message["data"].RawText is not { } encoded)
            return new RegistryEvent { Id = id, Reading = new EventReading.Ignored("the message has no data") };
        if (CloudEvent.Decoded(encoded) is not { } bytes)
            return new RegistryEvent { Id = id, Reading = EventReading.Missing("message.data", "It must be base64.") };
        var (entry, unreadable) = EventJson.Read(bytes);
        return unreadable is null && entry.IsObject
            ? Entry(entry, id) with { OccurredAt = Occurred(entry) ?? message["publishTime"].Time }
            : new RegistryEvent { Id = id, Reading = new EventReading.Ignored("the message's data is no JSON object: it is not about a model") };
    }

    private static DateTimeOffset? Occurred(EventJson entry) => entry["timestamp"].Time;

    /// <summary>The log's own id of an entry is the same however often and by whatever way it arrives.</summary>
    private static RegistryEvent Entry(EventJson entry, string? id) => new()
    {
        Id = entry["insertId"].Text ?? id,
        OccurredAt = Occurred(entry),
        Reading = AuditEntry.Read(entry),
    };
}
