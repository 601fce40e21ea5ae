using System.Text;

namespace BlueGreen.Cli.Judging;

/// <summary>One row of a CSV file (RFC 4180: commas, quotes).</summary>
internal static class CsvRow
{
    /// <returns>Null at the end of the file.</returns>
    public static List<string>? Read(StreamReader reader)
    {
        if (reader.Peek() < 0) return null;
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        while (reader.Read() is var next && next >= 0)
        {
            var character = (char)next;
            if (character == '"' && quoted && reader.Peek() == '"') field.Append((char)reader.Read());
            else if (character == '"' && (quoted || field.Length == 0)) quoted = !quoted;
            else if (quoted) field.Append(character);
            else if (character == ',') Take(row, field);
            else if (character == '\n') break;
            else if (character != '\r') field.Append(character);
        }

        Take(row, field);
        return row;
    }

    private static void Take(List<string> row, StringBuilder field)
    {
        row.Add(field.ToString().Trim());
        field.Clear();
    }
}
