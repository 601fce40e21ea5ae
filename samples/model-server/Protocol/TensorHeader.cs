using System.Text.Json;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>
/// Checks a tensor's datatype and shape. Inputs are columns: <c>[n]</c>, as the metadata says, or <c>[n, 1]</c>, which is how
/// clients that send one column of a matrix put it.
/// </summary>
internal static class TensorHeader
{
    public static (int Rows, string? Error) ReadRows(JsonElement tensor, Feature feature)
    {
        if (!tensor.TryGetProperty("datatype"u8, out var datatype) || datatype.ValueKind != JsonValueKind.String)
            return (0, $"input '{feature.Name}' has no datatype");
        if (!datatype.ValueEquals(feature.Datatype))
            return (0, $"input '{feature.Name}' must be {feature.Datatype}, not {datatype.GetString()}");
        if (!tensor.TryGetProperty("shape"u8, out var shape) || shape.ValueKind != JsonValueKind.Array)
            return (0, $"input '{feature.Name}' has no shape");
        var rank = shape.GetArrayLength();
        if (rank is not (1 or 2) || !IsSize(shape[0], out var rows) || (rank == 2 && !(IsSize(shape[1], out var width) && width == 1)))
            return (0, $"input '{feature.Name}' must have shape [n] or [n,1], not {shape.GetRawText()}");
        return rows is >= 1 and <= InferRequestReader.MaxRows
            ? (rows, null)
            : (0, $"input '{feature.Name}' must have 1 to {InferRequestReader.MaxRows} rows, not {rows}");
    }

    private static bool IsSize(JsonElement dimension, out int size)
    {
        size = 0;
        return dimension.ValueKind == JsonValueKind.Number && dimension.TryGetInt32(out size);
    }
}
