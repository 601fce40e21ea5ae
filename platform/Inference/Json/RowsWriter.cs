using System.Text.Json;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>Writes several requests as one: everything is taken from the first, only the rows are those of all.</summary>
/// <param name="writer">Where to.</param>
/// <param name="place">Where the rows stand.</param>
internal sealed class RowsWriter(Utf8JsonWriter writer, string[] place)
{
    public void Write(JsonElement[] requests) => Write(requests, 0);

    private void Write(JsonElement[] values, int depth)
    {
        if (depth == place.Length)
        {
            WriteRows(values);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in values[0].EnumerateObject())
        {
            if (member.NameEquals(place[depth]))
            {
                writer.WritePropertyName(member.Name);
                Write([.. values.Select(value => value.GetProperty(member.Name))], depth + 1);
            }
            else if (!IsRowIndex(member.Name, depth))
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>A data frame's index numbers its rows; of several frames together it would be wrong, and it may be left out.</summary>
    private bool IsRowIndex(string name, int depth) => name == "index" && depth > 0 && place[depth - 1] == "dataframe_split";

    private void WriteRows(JsonElement[] values)
    {
        if (values[0].ValueKind == JsonValueKind.Array)
        {
            WriteAll(values);
            return;
        }

        writer.WriteStartObject();
        foreach (var column in values[0].EnumerateObject())
        {
            writer.WritePropertyName(column.Name);
            WriteAll([.. values.Select(value => value.GetProperty(column.Name))]);
        }

        writer.WriteEndObject();
    }

    private void WriteAll(JsonElement[] arrays)
    {
        writer.WriteStartArray();
        foreach (var array in arrays)
        {
            if (array.ValueKind == JsonValueKind.Array) foreach (var item in array.EnumerateArray()) item.WriteTo(writer);
            else array.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}
