using System.Buffers;
using System.Text.Json;

namespace BlueGreen.Platform.Inference.OpenInference;

/// <summary>Open Inference Protocol v2 infer requests as text: <c>{inputs: [{name, shape, datatype, data}], …}</c>.</summary>
internal static class OpenInferenceRequest
{
    public static PayloadReading Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return new(null, "not a JSON object");
            if (!root.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Array || inputs.GetArrayLength() == 0)
                return new(null, "no \"inputs\" array");
            return Rows(inputs[0]) is { } rows
                ? new(new(json, rows) { Shape = ShapeOf(inputs) }, null)
                : new(null, "the first input has no \"shape\" of numbers");
        }
        catch (JsonException exception)
        {
            return new(null, $"not JSON ({exception.Message})");
        }
    }

    /// <summary>
    /// Row-major data, flat or nested, is concatenated by appending the outer arrays. Everything but the inputs' shapes and data is
    /// taken from the first request.
    /// </summary>
    /// <returns>Null unless all have the same inputs: names, datatypes, shapes beyond the first dimension, and nesting.</returns>
    public static InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads)
    {
        if (payloads.Count == 1) return payloads[0];
        var documents = payloads.Select(payload => JsonDocument.Parse(payload.Body)).ToArray();
        try
        {
            var inputs = documents.Select(document => document.RootElement.GetProperty("inputs").EnumerateArray().ToArray()).ToArray();
            if (inputs.Skip(1).Any(others => !SameInputs(inputs[0], others))) return null;
            return Write(documents[0].RootElement, inputs, payloads[0].Shape);
        }
        finally
        {
            foreach (var document in documents) document.Dispose();
        }
    }

    private static InferencePayload Write(JsonElement first, JsonElement[][] inputs, string shape)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var member in first.EnumerateObject().Where(member => !member.NameEquals("inputs"))) member.WriteTo(writer);
        writer.WriteStartArray("inputs");
        for (var i = 0; i < inputs[0].Length; i++)
            WriteInput(writer, [.. inputs.Select(request => request[i])]);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return new(buffer.WrittenMemory, inputs.Sum(request => Rows(request[0]) ?? 0)) { Shape = shape };
    }

    private static void WriteInput(Utf8JsonWriter writer, JsonElement[] parts)
    {
        writer.WriteStartObject();
        foreach (var member in parts[0].EnumerateObject().Where(member => !member.NameEquals("shape") && !member.NameEquals("data")))
            member.WriteTo(writer);
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(parts.Sum(part => Rows(part) ?? 0));
        foreach (var dimension in parts[0].GetProperty("shape").EnumerateArray().Skip(1)) dimension.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteStartArray("data");
        foreach (var value in parts.SelectMany(part => part.GetProperty("data").EnumerateArray())) value.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static int? Rows(JsonElement input) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty("shape", out var shape)
        && shape.ValueKind == JsonValueKind.Array && shape.GetArrayLength() > 0
        && shape[0].ValueKind == JsonValueKind.Number && shape[0].TryGetInt32(out var rows) && rows > 0
            ? rows
            : null;

    /// <summary>Names, datatypes and dimensions beyond the first: what a server may have prepared for.</summary>
    private static string ShapeOf(JsonElement inputs) => string.Join(';', inputs.EnumerateArray().Select(input =>
        $"{Text(input, "name").Trim('"')} {Text(input, "datatype").Trim('"')}[{Row(input)}]"));

    private static string Row(JsonElement input) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array
            ? string.Join('x', shape.EnumerateArray().Skip(1).Select(dimension => dimension.GetRawText()))
            : "";

    private static bool SameInputs(JsonElement[] ones, JsonElement[] others) =>
        ones.Length == others.Length && ones.Zip(others).All(pair => Signature(pair.First) is { } one && one == Signature(pair.Second));

    /// <summary>What must be equal for rows to stand under one another; null when the input carries no plain data.</summary>
    private static string? Signature(JsonElement input)
    {
        if (Rows(input) is null || !input.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return null;
        var nested = data.GetArrayLength() > 0 && data[0].ValueKind == JsonValueKind.Array;
        return $"{Text(input, "name")}|{Text(input, "datatype")}|{Row(input)}|{nested}";
    }

    private static string Text(JsonElement input, string member) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty(member, out var value) ? value.GetRawText() : "";
}
