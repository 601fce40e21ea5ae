using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>What TensorFlow Serving says about a model: protobuf messages in protobuf's JSON mapping, so that 64-bit numbers are text.</summary>
internal static class TensorFlowMetadata
{
    private const int MaxElements = 1 << 20;

    /// <summary>Any version is in state AVAILABLE.</summary>
    public static bool IsAvailable(JsonElement? status) =>
        status is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("model_version_status", out var versions)
        && versions.ValueKind == JsonValueKind.Array
        && versions.EnumerateArray().Any(version => version.ValueKind == JsonValueKind.Object
            && version.TryGetProperty("state", out var state) && state.ValueKind == JsonValueKind.String && state.ValueEquals("AVAILABLE"));

    /// <summary>One row of zeros (empty text) for the inputs of the signature that is served by default.</summary>
    /// <returns>Null when the metadata do not describe its inputs.</returns>
    public static string? ToRequest(JsonElement metadata)
    {
        if (Member(metadata, "metadata", "signature_def", "signature_def", "serving_default", "inputs") is not { } inputs) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("instances");
            writer.WriteStartObject();
            foreach (var input in inputs.EnumerateObject())
            {
                if (Shape(input.Value) is not { } shape) return null;
                writer.WritePropertyName(input.Name);
                WriteZeros(writer, shape, isText: Member(input.Value, "dtype") is { } type && type.ToString() == "DT_STRING");
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The signature that is served by default, as the Open Inference Protocol v2 writes model metadata.</summary>
    /// <returns>Null when it is not described.</returns>
    public static byte[]? ToDeclaration(JsonElement metadata)
    {
        if (Member(metadata, "metadata", "signature_def", "signature_def", "serving_default") is not { } signature
            || Member(signature, "inputs") is not { ValueKind: JsonValueKind.Object } inputs
            || Member(signature, "outputs") is not { ValueKind: JsonValueKind.Object } outputs)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteTensors(writer, "inputs", inputs);
            WriteTensors(writer, "outputs", outputs);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTensors(Utf8JsonWriter writer, string name, JsonElement tensors)
    {
        writer.WriteStartArray(name);
        foreach (var tensor in tensors.EnumerateObject())
        {
            writer.WriteStartObject();
            writer.WriteString("name", tensor.Name);
            writer.WriteString("datatype", Datatype(Member(tensor.Value, "dtype")?.ToString() ?? ""));
            writer.WriteStartArray("shape");
            if (Member(tensor.Value, "tensor_shape", "dim") is { ValueKind: JsonValueKind.Array } dimensions)
            {
                foreach (var dimension in dimensions.EnumerateArray())
                    writer.WriteNumberValue(Member(dimension, "size") is { } size && long.TryParse(size.ToString(), CultureInfo.InvariantCulture, out var number) ? number : -1);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Datatype(string dtype) => dtype switch
    {
        "DT_FLOAT" => "FP32",
        "DT_DOUBLE" => "FP64",
        "DT_HALF" => "FP16",
        "DT_BFLOAT16" => "BF16",
        "DT_STRING" => "BYTES",
        _ => dtype.StartsWith("DT_", StringComparison.Ordinal) ? dtype[3..] : dtype,
    };

    /// <summary>The dimensions of one row: all but the first.</summary>
    private static int[]? Shape(JsonElement input)
    {
        if (Member(input, "tensor_shape") is not { } shape || Member(shape, "unknown_rank") is { ValueKind: JsonValueKind.True }) return null;
        if (Member(shape, "dim") is not { ValueKind: JsonValueKind.Array } dimensions) return [];
        var sizes = dimensions.EnumerateArray().Skip(1).Select(Size).ToArray();
        return sizes.Aggregate(1L, (product, size) => product * size) <= MaxElements ? sizes : null;
    }

    private static int Size(JsonElement dimension) =>
        Member(dimension, "size") is { } size && int.TryParse(size.ToString(), CultureInfo.InvariantCulture, out var number)
            ? Math.Clamp(number, 1, MaxElements)
            : 1;

    private static void WriteZeros(Utf8JsonWriter writer, ReadOnlySpan<int> shape, bool isText)
    {
        if (shape.IsEmpty)
        {
            if (isText) writer.WriteStringValue("");
            else writer.WriteNumberValue(0);
            return;
        }

        writer.WriteStartArray();
        for (var i = 0; i < shape[0]; i++) WriteZeros(writer, shape[1..], isText);
        writer.WriteEndArray();
    }

    private static JsonElement? Member(JsonElement value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        return value;
    }
}
