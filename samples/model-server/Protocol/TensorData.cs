using System.Text.Json;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>Reads a column's <c>data</c>, flat or nested in row-major order; both hold one element per row.</summary>
internal static class TensorData
{
    /// <summary>Null, or what is wrong.</summary>
    public static string? Read(JsonElement tensor, int rows, TensorSink sink)
    {
        var name = sink.Feature.Name;
        if (!tensor.TryGetProperty("data"u8, out var data) || data.ValueKind != JsonValueKind.Array)
            return $"input '{name}' has no data array";
        if (data.GetArrayLength() != rows)
            return $"input '{name}' has {data.GetArrayLength()} elements, but its shape asks for {rows}";
        var nested = IsColumn(tensor) && data[0].ValueKind == JsonValueKind.Array;
        var row = 0;
        foreach (var entry in data.EnumerateArray())
        {
            if (nested && !IsSingleton(entry)) return $"input '{name}' element {row} does not fit its shape";
            var element = nested ? entry[0] : entry;
            if (!sink.TryPut(row, element)) return $"input '{name}' element {row} is not {sink.Feature.Datatype}";
            row++;
        }

        return null;
    }

    private static bool IsColumn(JsonElement tensor) => tensor.GetProperty("shape"u8).GetArrayLength() == 2;

    private static bool IsSingleton(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 1;
}
