using System.Globalization;
using System.Text;

namespace BlueGreen.Cli.Judging;

/// <summary>One column of numbers of a CSV file (RFC 4180: commas, quotes, a header line), read row by row.</summary>
/// <param name="Values">In the order of the rows; NaN for a null: empty, missing or not a finite number.</param>
internal sealed record CsvColumn(IReadOnlyList<double> Values)
{
    /// <param name="path">The file.</param>
    /// <param name="name">The column's name in the header; a file with one column needs none.</param>
    /// <exception cref="CommandFailure">No such file or column, or no rows.</exception>
    public static CsvColumn Read(string path, string name)
    {
        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            var header = ReadRow(reader) ?? throw CommandFailure.Usage(path, $"{path} is empty.");
            var column = header.FindIndex(title => title.Trim() == name);
            if (column < 0 && header.Count > 1)
                throw CommandFailure.Usage("column", $"{path} has no column '{name}': its columns are {string.Join(", ", header)}.");
            // A single column may come without a header.
            var values = column < 0 && Number(header[0]) is var first && !double.IsNaN(first) ? [first] : new List<double>();
            if (column < 0 && values.Count == 0)
                throw CommandFailure.Usage("column", $"{path} has no column '{name}': its only column is {header[0]}.");
            while (ReadRow(reader) is { } row)
                if (row is not [""] || header.Count == 1) values.Add(Math.Max(0, column) < row.Count ? Number(row[Math.Max(0, column)]) : double.NaN);
            return values.Count > 0 ? new(values) : throw CommandFailure.Usage(path, $"{path} has a header and no rows.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage(path, failure.Message);
        }
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;

    /// <returns>Null at the end of the file.</returns>
    private static List<string>? ReadRow(StreamReader reader)
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
        row.Add(field.ToString());
        field.Clear();
    }
}
