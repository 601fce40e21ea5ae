using System.Diagnostics;
using BlueGreen.RegistryListener.Sources;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>An authentic webhook that was read and is to be stored.</summary>
internal sealed record Incoming
{
    /// <summary>The source's name as configured, not its format's: two MLflow servers have ids of their own.</summary>
    public required string Source { get; init; }
    public required SourceOptions Options { get; init; }

    /// <summary>URI schemes that an artifact may have.</summary>
    public required IList<string> Schemes { get; init; }

    /// <summary>Null where the source has no delivery ids.</summary>
    public string? DeliveryId { get; init; }
    public required string BodySha256 { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required IReadOnlyList<RegistryEvent> Events { get; init; }

    /// <summary>How long the same body is the same event where nothing else tells.</summary>
    public TimeSpan SameBodyWindow { get; init; }

    /// <summary>Whose format it is.</summary>
    public string Format => Options.Format ?? Source;

    /// <summary>The request's trace: it is stored together with others, by somebody else.</summary>
    public Activity? Trace { get; init; } = Activity.Current;

    /// <summary>One delivery with one event has the delivery's id; the rest have their own, or else a place in the body.</summary>
    public string KeyOf(int index)
    {
        if (Events.Count == 1 && DeliveryId is not null) return DeliveryId;
        if (Events[index].Id is { } id) return id.Length <= DeliveryIds.MaxLength && !id.Contains('\0', StringComparison.Ordinal) ? id : $"sha256:{Platform.Http.BlobDigest.Of(System.Text.Encoding.UTF8.GetBytes(id))}";
        var whole = DeliveryId ?? $"body:{BodySha256}";
        return Events.Count == 1 ? whole : $"{whole}:{index}";
    }

    /// <summary>
    /// True where neither an id nor a time tells the event from another one of the same words: a mark that came back to where it was before.
    /// </summary>
    public bool IsKnownByBodyAlone(int index) => DeliveryId is null && Events[index] is { Id: null, OccurredAt: null };
}
