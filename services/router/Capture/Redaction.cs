using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Router.Capture;

/// <summary>
/// Replaces what stands at JSON Pointers by a value of its own kind that says nothing: 0, an empty text, false; an array or object
/// keeps its form. A request that was valid stays valid and can be sent again.
/// </summary>
internal static class Redaction
{
    private const string Every = "*";

    /// <returns>The text to store; null when it is to be redacted and is no JSON: what cannot be redacted is not stored.</returns>
    public static string? Apply(byte[] text, IReadOnlyList<string> pointers)
    {
        if (pointers.Count == 0) return Text(text);
        try
        {
            if (JsonNode.Parse(text) is not { } root) return null;
            foreach (var pointer in pointers) root = Redact(root, Steps(pointer), 0);
            return root.ToJsonString();
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            // No JSON, bare NaN in it, or a name given twice.
            return null;
        }
    }

    private static string? Text(byte[] text)
    {
        var decoded = Encoding.UTF8.GetString(text);
        // PostgreSQL has no text with a zero in it.
        return decoded.Contains('\0', StringComparison.Ordinal) ? null : decoded;
    }

    private static string[] Steps(string pointer) => pointer.Length == 0 ? [] : [.. pointer[1..].Split('/').Select(step =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static JsonNode Redact(JsonNode node, string[] steps, int depth)
    {
        if (depth == steps.Length) return Neutral(node);
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
                if (array[i] is { } item && (steps[depth] == Every || steps[depth] == i.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                    Put(item, Redact(item, steps, depth + 1), replaced => array[i] = replaced);
        }
        else if (node is JsonObject members && members[steps[depth]] is { } member)
        {
            Put(member, Redact(member, steps, depth + 1), replaced => members[steps[depth]] = replaced);
        }

        return node;
    }

    private static void Put(JsonNode before, JsonNode after, Action<JsonNode> put)
    {
        if (!ReferenceEquals(before, after)) put(after);
    }

    private static JsonNode Neutral(JsonNode node) => node switch
    {
        JsonArray array => new JsonArray([.. array.Select(item => item is null ? null : Neutral(item))]),
        JsonObject members => new JsonObject(members.Select(member =>
            KeyValuePair.Create(member.Key, member.Value is null ? null : Neutral(member.Value)))),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => JsonValue.Create(""),
            JsonValueKind.True or JsonValueKind.False => JsonValue.Create(false),
            _ => JsonValue.Create(0),
        },
    };
}
