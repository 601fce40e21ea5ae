using System.Text.Json;

namespace BlueGreen.Platform.Inference.OpenInference;

/// <summary>
/// A quick look at an Open Inference Protocol v2 infer response, without keeping anything of it: nearly all answers are well, and only
/// the others are worth being read whole.
/// </summary>
internal static class OpenInferenceGlance
{
    /// <returns>True: every output has predictions and all of them are finite numbers. False: it is to be read whole.</returns>
    public static bool IsClean(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return IsCleanAnswer(ref reader);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsCleanAnswer(ref Utf8JsonReader reader)
    {
        var isClean = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("outputs"u8))
            {
                reader.Skip();
                continue;
            }

            // Of two of a name the last one counts: for whoever reads the whole.
            if (isClean || !IsCleanOutputs(ref reader)) return false;
            isClean = true;
        }

        // Whatever comes behind the object is an error of its own.
        return isClean && !reader.Read();
    }

    private static bool IsCleanOutputs(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return false;
        var outputs = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; outputs++)
        {
            if (reader.TokenType != JsonTokenType.StartObject || !IsCleanOutput(ref reader)) return false;
        }

        return outputs > 0;
    }

    private static bool IsCleanOutput(ref Utf8JsonReader reader)
    {
        var hasData = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                if (hasData || !IsCleanData(ref reader)) return false;
                hasData = true;
            }
            else if (reader.ValueTextEquals("datatype"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueTextEquals("BYTES"u8)) return false;
            }
            else
            {
                reader.Skip();
            }
        }

        return hasData;
    }

    /// <summary>Flat or nested.</summary>
    private static bool IsCleanData(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return false;
        var (end, numbers) = (reader.CurrentDepth, 0);
        while (reader.Read() && (reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth > end))
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray) continue;
            var isClean = reader.TokenType is JsonTokenType.True or JsonTokenType.False
                || (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number));
            if (!isClean) return false;
            numbers++;
        }

        return numbers > 0;
    }
}
