using System.Text.Json;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>Puts one tensor's elements into its column of the batch.</summary>
internal readonly struct TensorSink(Feature feature, float[] numbers, int width, int column, string[] categories)
{
    public Feature Feature => feature;

    /// <summary>False if the element is not of the feature's datatype. JSON null is a missing value.</summary>
    public bool TryPut(int row, JsonElement element)
    {
        if (feature.IsCategory) return TryPutCategory(row, element);
        if (!TryGetNumber(element, out var number)) return false;
        numbers[row * width + column] = number;
        return true;
    }

    private bool TryPutCategory(int row, JsonElement element)
    {
        if (element.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)) return false;
        categories[row] = element.GetString() ?? "";
        return true;
    }

    private bool TryGetNumber(JsonElement element, out float number)
    {
        number = float.NaN;
        if (element.ValueKind == JsonValueKind.Null) return true;
        switch (feature.Datatype)
        {
            case Datatypes.Bool:
                number = element.ValueKind == JsonValueKind.True ? 1 : 0;
                return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
            case Datatypes.Int32:
                if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var integer)) return false;
                number = integer;
                return true;
            default:
                return element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out number) && float.IsFinite(number);
        }
    }
}
