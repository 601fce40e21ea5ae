using System.Text;
using System.Text.Json;
using MassTransit.Serialization;

namespace BlueGreen.Platform.Faults;

/// <summary>A message as it was sent, read back from its bytes far enough to send it again.</summary>
public sealed class StoredMessage
{
    private StoredMessage(string body, IReadOnlyList<string> types, string? headers, Guid? conversationId, Guid? correlationId)
    {
        Body = body;
        Types = types;
        Headers = headers;
        ConversationId = conversationId;
        CorrelationId = correlationId;
    }

    internal string Body { get; }
    internal IReadOnlyList<string> Types { get; }
    internal string? Headers { get; }
    internal Guid? ConversationId { get; }
    internal Guid? CorrelationId { get; }
    internal static string ContentType => SystemTextJsonMessageSerializer.JsonContentType.ToString();

    /// <summary>Null when the bytes are not an envelope with a message and its types.</summary>
    public static StoredMessage? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("message", out var message)
                || message.ValueKind != JsonValueKind.Object || !root.TryGetProperty("messageType", out var types)
                || types.ValueKind != JsonValueKind.Array || types.GetArrayLength() == 0) return null;
            return new StoredMessage(
                Encoding.UTF8.GetString(body), [.. types.EnumerateArray().Select(type => type.GetString() ?? "")],
                root.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object ? headers.GetRawText() : null,
                FaultedBody.Id(root, "conversationId"), FaultedBody.Id(root, "correlationId"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
