using System.Text.Json;

namespace BlueGreen.Router.Windows;

/// <summary>
/// Finds null and NaN among the predictions of an Open Inference Protocol v2 answer: in the <c>data</c> array, flat or nested, of any of
/// its <c>outputs</c>. NaN counts bare, as some servers write it against RFC 8259, and quoted, as others do.
/// </summary>
internal static class NullPredictions
{
    /// <param name="json">The body; bare NaN and Infinity are overwritten in place, so that the rest can be read as JSON.</param>
    public static bool Any(Span<byte> json)
    {
        var hasNaN = json.IndexOf("NaN"u8) >= 0;
        if (!hasNaN && json.IndexOf("null"u8) < 0) return false;
        if (hasNaN || json.IndexOf("Infinity"u8) >= 0) ReplaceBareNames(json);
        try
        {
            return Search(new Utf8JsonReader(json));
        }
        catch (JsonException)
        {
            // A body that is cut off or not JSON at all: what is wrong with it is for the schema gate to say.
            return false;
        }
    }

    private static bool Search(Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOutputs = reader.ValueTextEquals("outputs"u8);
            reader.Read();
            if (!isOutputs || reader.TokenType != JsonTokenType.StartArray) reader.Skip();
            else if (SearchOutputs(ref reader)) return true;
        }

        return false;
    }

    private static bool SearchOutputs(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) reader.Skip();
            else if (SearchOutput(ref reader)) return true;
        }

        return false;
    }

    private static bool SearchOutput(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (!isData || reader.TokenType != JsonTokenType.StartArray) reader.Skip();
            else if (SearchData(ref reader)) return true;
        }

        return false;
    }

    private static bool SearchData(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.Null) return true;
            if (reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("NaN"u8) || reader.ValueTextEquals(MaskedNaN)))
                return true;
        }

        return false;
    }

    /// <summary>Three bytes of JSON that can stand where a bare NaN stood: a string that no server sends as a prediction.</summary>
    private static ReadOnlySpan<byte> MaskedNaN => "\u007f"u8;

    private static void ReplaceBareNames(Span<byte> json)
    {
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '"') inString = !inString;
            else if (inString && json[i] == '\\') i++;
            else if (inString) continue;
            else if (json[i..].StartsWith("NaN"u8)) "\"\u007f\""u8.CopyTo(json[i..]);
            else if (json[i..].StartsWith("Infinity"u8)) "0       "u8.CopyTo(json[i..]);
        }
    }
}
