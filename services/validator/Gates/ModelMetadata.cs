using System.Text.Json;

namespace BlueGreen.Validator.Gates;

/// <summary>A model's inputs and outputs as it declares them.</summary>
internal sealed record ModelMetadata(IReadOnlyList<TensorShape> Inputs, IReadOnlyList<TensorShape> Outputs)
{
    /// <summary>Reads Open Inference Protocol v2 model metadata.</summary>
    /// <returns>Null when the body is none, or declares no inputs or no outputs.</returns>
    public static ModelMetadata? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var root = JsonElement.Parse(body.Span);
            var metadata = new ModelMetadata(TensorShape.ReadAll(root, "inputs"), TensorShape.ReadAll(root, "outputs"));
            return metadata.Inputs.Count > 0 && metadata.Outputs.Count > 0 ? metadata : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">E.g. <c>FP32</c>.</param>
/// <param name="Shape">Sizes; negative: any.</param>
internal sealed record TensorShape(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    /// <summary>The well-formed ones of a member of a request, a response or metadata.</summary>
    public static IReadOnlyList<TensorShape> ReadAll(JsonElement root, string member)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(member, out var list) || list.ValueKind != JsonValueKind.Array) return [];
        return [.. list.EnumerateArray().Select(Read).OfType<TensorShape>()];
    }

    /// <summary>Whether a tensor of the other shape can be used as this one.</summary>
    public bool Takes(TensorShape other) =>
        Datatype == other.Datatype && Shape.Count == other.Shape.Count && Shape.Zip(other.Shape).All(pair => pair.First < 0 || pair.Second < 0 || pair.First == pair.Second);

    public override string ToString() => $"{Datatype} [{string.Join(", ", Shape)}]";

    private static TensorShape? Read(JsonElement tensor)
    {
        if (tensor.ValueKind != JsonValueKind.Object || !tensor.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !tensor.TryGetProperty("datatype", out var datatype) || datatype.ValueKind != JsonValueKind.String
            || !tensor.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !shape.EnumerateArray().All(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out _)))
            return null;
        return new(name.GetString()!, datatype.GetString()!, [.. shape.EnumerateArray().Select(size => size.GetInt64())]);
    }
}
