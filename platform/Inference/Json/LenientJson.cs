using System.Buffers;
using System.Text.Json;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>
/// JSON as model servers really send it: Python's and TensorFlow's encoders write bare <c>NaN</c>, <c>Infinity</c> and
/// <c>-Infinity</c>, which no strict parser takes. Outside of strings they are read as <c>null</c>.
/// </summary>
internal static class LenientJson
{
    private static readonly byte[][] NotFinite = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <returns>Null when the text is no JSON even so.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        if (TryParse(json) is { } strict) return strict;
        return json.Span.IndexOf("NaN"u8) >= 0 || json.Span.IndexOf("Infinity"u8) >= 0 ? TryParse(WithNulls(json.Span)) : null;
    }

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> WithNulls(ReadOnlySpan<byte> json)
    {
        var written = new ArrayBufferWriter<byte>(json.Length + 64);
        var inString = false;
        while (!json.IsEmpty)
        {
            var length = 1;
            if (inString && json[0] == '\\') length = Math.Min(2, json.Length);
            else if (json[0] == '"') inString = !inString;
            else if (!inString && TokenLength(json) is > 0 and var token)
            {
                written.Write("null"u8);
                json = json[token..];
                continue;
            }

            written.Write(json[..length]);
            json = json[length..];
        }

        return written.WrittenMemory;
    }

    private static int TokenLength(ReadOnlySpan<byte> json)
    {
        foreach (var token in NotFinite)
            if (json.StartsWith(token)) return token.Length;
        return 0;
    }
}
