using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>
/// Seldon V1 requests: <c>{"data": {"names": […], "ndarray": [row, …]}}</c>, the same with <c>"tensor": {"shape": [rows, …], "values": […]}</c>,
/// or one row of the model's own making in <c>jsonData</c>, <c>strData</c> or <c>binData</c>.
/// </summary>
internal sealed class SeldonRequest : IRequestForm
{
    private static readonly RowsRequest Arrays = new([["data", "ndarray"]], exactlyOne: true);

    public PayloadReading Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(json, document.RootElement);
        }
        catch (JsonException exception)
        {
            return new(null, $"not JSON ({exception.Message})");
        }
    }

    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads)
    {
        if (payloads.Any(payload => payload.Shape != payloads[0].Shape)) return null;
        if (!payloads[0].Shape.StartsWith("tensor:", StringComparison.Ordinal)) return Arrays.Concatenate(payloads);
        var first = JsonNode.Parse(payloads[0].Body.Span)!;
        var tensor = first["data"]!["tensor"]!;
        var values = tensor["values"]!.AsArray();
        foreach (var other in payloads.Skip(1))
            foreach (var value in JsonNode.Parse(other.Body.Span)!["data"]!["tensor"]!["values"]!.AsArray())
                values.Add(value?.DeepClone());
        var rows = payloads.Sum(payload => payload.Rows);
        tensor["shape"]![0] = rows;
        return payloads[0] with { Body = JsonSerializer.SerializeToUtf8Bytes(first), Rows = rows };
    }

    private static PayloadReading Read(ReadOnlyMemory<byte> json, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return new(null, "not a JSON object");
        foreach (var single in new[] { "jsonData", "strData", "binData" })
            if (root.TryGetProperty(single, out var value)) return new(new(json, 1) { Shape = $"{single}:{PayloadShape.Of(value)}" }, null);
        if (!root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
            return new(null, "none of: data, jsonData, strData, binData");
        if (!data.TryGetProperty("tensor", out var tensor)) return Arrays.Read(json);
        return Tensor(tensor) is { } found
            ? new(new(json, found.Rows) { Shape = $"tensor:{found.Row}" }, null)
            : new(null, "\"data/tensor\" has no \"shape\" and \"values\" that agree");
    }

    private static (int Rows, string Row)? Tensor(JsonElement tensor)
    {
        if (tensor.ValueKind != JsonValueKind.Object || !tensor.TryGetProperty("shape", out var shape)
            || !tensor.TryGetProperty("values", out var values) || shape.ValueKind != JsonValueKind.Array
            || values.ValueKind != JsonValueKind.Array || shape.GetArrayLength() == 0)
            return null;
        var sizes = new List<int>();
        foreach (var item in shape.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var size) || size < 1) return null;
            sizes.Add(size);
        }

        var agree = sizes.Aggregate(1L, (product, size) => product * size) == values.GetArrayLength();
        return agree ? (sizes[0], string.Join('x', sizes.Skip(1))) : null;
    }
}
