using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Platform.Inference.Json;

namespace BlueGreen.Platform.Inference.Chat;

/// <summary>Chat completion requests: <c>{"messages": [{"role", "content"}, …], …}</c>.</summary>
internal static class ChatRequest
{
    private const int CharactersPerToken = 4;

    /// <param name="json">The request as it stands in the payload file.</param>
    /// <param name="streams">Written over what the request says.</param>
    public static PayloadReading Read(ReadOnlyMemory<byte> json, bool streams)
    {
        JsonNode? request;
        try
        {
            request = JsonNode.Parse(json.Span);
        }
        catch (JsonException exception)
        {
            return new(null, $"not JSON ({exception.Message})");
        }

        if (request is not JsonObject chat || chat["messages"] is not JsonArray { Count: > 0 } messages)
            return new(null, "no \"messages\"");
        chat["stream"] = streams;
        if (streams) chat["stream_options"] = new JsonObject { ["include_usage"] = true };
        else chat.Remove("stream_options");
        var length = messages.Sum(message => message?["content"]?.ToJsonString().Length ?? 0);
        return new(
            new(JsonSerializer.SerializeToUtf8Bytes(chat), 1) { Shape = $"prompt:{PayloadShape.SizeClass(length / CharactersPerToken)}" }, null);
    }

    /// <summary>Files need not name the model: it is the one that is asked.</summary>
    public static InferencePayload WithModel(InferencePayload payload, string model)
    {
        if (payload.Body.Span.IndexOf("\"model\""u8) >= 0) return payload;
        var chat = JsonNode.Parse(payload.Body.Span)!.AsObject();
        chat["model"] = model;
        return payload with { Body = JsonSerializer.SerializeToUtf8Bytes(chat) };
    }
}
