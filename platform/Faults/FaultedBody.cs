using System.Text.Json;

namespace BlueGreen.Platform.Faults;

/// <summary>What can be read of a message that was given up, whatever is wrong with it.</summary>
internal sealed record FaultedBody(Guid? MessageId, string MessageType, Guid? DeploymentId, string? Endpoint, int? Attempt)
{
    private static readonly FaultedBody Unreadable = new(null, "", null, null, null);

    /// <summary>Reads MassTransit's JSON envelope.</summary>
    public static FaultedBody OfEnvelope(ReadOnlyMemory<byte> body) => Read(body, root =>
    {
        var message = root.TryGetProperty("message", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : default;
        return OfMessage(message, Id(root, "messageId"), TypeName(root));
    });

    /// <summary>Reads a work item's command.</summary>
    public static FaultedBody OfCommand(ReadOnlyMemory<byte> body, string type) =>
        Read(body, root => OfMessage(root, null, type)) with { MessageType = type };

    private static FaultedBody Read(ReadOnlyMemory<byte> body, Func<JsonElement, FaultedBody> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : Unreadable;
        }
        catch (JsonException)
        {
            return Unreadable;
        }
    }

    private static FaultedBody OfMessage(JsonElement message, Guid? messageId, string type) =>
        message.ValueKind != JsonValueKind.Object
            ? new FaultedBody(messageId, type, null, null, null)
            : new FaultedBody(messageId, type, Id(message, "deploymentId"), Text(message, "endpoint"), Number(message, "attempt"));

    /// <summary><c>urn:message:BlueGreen.Contracts:WarmEnvironment</c> is <c>WarmEnvironment</c>.</summary>
    private static string TypeName(JsonElement envelope) =>
        envelope.TryGetProperty("messageType", out var types) && types.ValueKind == JsonValueKind.Array && types.GetArrayLength() > 0
            && types[0].ValueKind == JsonValueKind.String
            ? types[0].GetString()!.Split(':')[^1]
            : "";

    internal static Guid? Id(JsonElement element, string name) => Guid.TryParse(Text(element, name), out var id) ? id : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : null;
}
