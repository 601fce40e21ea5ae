using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Webhooks;

/// <summary>What an outside system sent, before anything of it is believed.</summary>
public sealed record WebhookRequest
{
    public required IHeaderDictionary Headers { get; init; }

    /// <summary>The raw bytes: signatures are over these, never over a parsed copy.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The address's query: some senders can carry a token nowhere else.</summary>
    public IQueryCollection Query { get; init; } = QueryCollection.Empty;
}
