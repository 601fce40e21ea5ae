using System.Text.Json;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>Names the shape of JSON: member names and array lengths, no values. Long texts differ by powers of two.</summary>
internal static class PayloadShape
{
    private const int MostMembers = 32;

    /// <summary>The shape of the rows: of the first row, or of the columns.</summary>
    public static string OfRows(JsonElement rows)
    {
        if (rows.ValueKind == JsonValueKind.Array) return rows.GetArrayLength() == 0 ? "" : Of(rows[0]);
        return string.Join(',', rows.EnumerateObject().Take(MostMembers).Select(column => $"{column.Name}={ColumnShape(column.Value)}"));
    }

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            $"{{{string.Join(',', value.EnumerateObject().Take(MostMembers).Select(member => $"{member.Name}={Of(member.Value)}"))}}}",
        JsonValueKind.Array when value.GetArrayLength() == 0 => "[0]",
        JsonValueKind.Array => $"[{value.GetArrayLength()}]{Of(value[0])}",
        JsonValueKind.String => $"s{SizeClass(value.GetString()!.Length)}",
        _ => "n",
    };

    /// <summary>0 for nothing, otherwise the number of bits: texts of 64 to 127 characters are of one class.</summary>
    public static int SizeClass(int length) => length == 0 ? 0 : int.Log2(length) + 1;

    private static string ColumnShape(JsonElement column) =>
        column.ValueKind == JsonValueKind.Array && column.GetArrayLength() > 0 ? Of(column[0]) : "n";
}
