using System.Buffers;
using System.Text.Json;
using BlueGreen.Platform.Inference.Json;

namespace BlueGreen.Platform.Inference.OpenInference;

/// <summary>
/// Builds a one-row request from model metadata (<c>GET /v2/models/{m}</c>: <c>inputs: [{name, datatype, shape}]</c>). A dimension of -1
/// is free and becomes 1. Values are zeros (empty text for BYTES): enough to run the code path, not to judge predictions.
/// </summary>
internal static class OpenInferenceSynthesis
{
    private const int MaxElements = 1 << 20;

    /// <returns>Null when the metadata name no inputs, or inputs that are unreasonably large.</returns>
    public static InferencePayload? FromMetadata(ReadOnlyMemory<byte> metadata)
    {
        using var document = LenientJson.Parse(metadata);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Array
            || inputs.GetArrayLength() == 0)
            return null;

        var buffer = new ArrayBufferWriter<byte>();
        var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("inputs");
        foreach (var input in inputs.EnumerateArray())
            if (!TryWriteInput(writer, input)) return null;
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return OpenInferenceRequest.Read(buffer.WrittenMemory).Payload;
    }

    private static bool TryWriteInput(Utf8JsonWriter writer, JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object || Text(input, "name") is not { } name || Text(input, "datatype") is not { } datatype
            || Shape(input) is not { } shape)
            return false;
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("datatype", datatype);
        writer.WriteStartArray("shape");
        foreach (var dimension in shape) writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WriteStartArray("data");
        for (long i = shape.Aggregate(1L, (product, dimension) => product * dimension); i > 0; i--) WriteNeutral(writer, datatype);
        writer.WriteEndArray();
        writer.WriteEndObject();
        return true;
    }

    private static void WriteNeutral(Utf8JsonWriter writer, string datatype)
    {
        if (datatype == "BYTES") writer.WriteStringValue("");
        else if (datatype == "BOOL") writer.WriteBooleanValue(false);
        else writer.WriteNumberValue(0);
    }

    private static string? Text(JsonElement input, string member) =>
        input.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int[]? Shape(JsonElement input)
    {
        if (!input.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array) return null;
        var dimensions = new List<int>();
        var elements = 1L;
        foreach (var item in shape.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var dimension)) return null;
            dimensions.Add(Math.Max(1, dimension));
            elements *= dimensions[^1];
            if (elements > MaxElements) return null;
        }

        return dimensions.Count == 0 ? [1] : [.. dimensions];
    }
}
