using System.Globalization;
using System.Text;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Cli.Judging;

/// <summary>
/// One column of a CSV file: numbers, or labels where there is not one number in it. What is neither (empty, missing, not finite, text among
/// numbers) is a null.
/// </summary>
/// <param name="Scores">In the order of the rows.</param>
/// <param name="Labels">In the order of the rows; empty where there are numbers.</param>
/// <param name="Nulls">How many rows have neither.</param>
internal sealed record CsvColumn(IReadOnlyList<double> Scores, IReadOnlyList<string> Labels, int Nulls)
{
    /// <summary>The column that is looked for where none is named.</summary>
    public const string DefaultName = "score";

    /// <summary>Numbers or labels.</summary>
    public int Count => Scores.Count + Labels.Count;

    public int Rows => Count + Nulls;

    private static readonly string[] NullWords = ["NA", "null", "inf", "+inf", "-inf"];

    /// <param name="path">The file.</param>
    /// <param name="name">
    /// The column's name in the header, or its place, counted from 0; null: <see cref="DefaultName"/>, or the only column, whatever it is called.
    /// </param>
    /// <exception cref="CommandFailure">No such file or column, or no rows.</exception>
    public static CsvColumn Read(string path, string? name)
    {
        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            var first = CsvRow.Read(reader) ?? throw CommandFailure.Usage(path, $"{path} is empty.");
            var place = Place(path, first, name, out var isHeader);
            var cells = new List<string>();
            while (CsvRow.Read(reader) is { } row)
                if (row is not [""] || first.Count == 1) cells.Add(place < row.Count ? row[place] : "");
            if (!(isHeader ?? IsTitle(first[place], cells))) cells.Insert(0, first[place]);
            return cells.Count > 0 ? Of(cells) : throw CommandFailure.Usage(path, $"{path} has a header and no rows.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage(path, failure.Message);
        }
    }

    /// <summary>As what a colour answered, in an order that is random and always the same: a file may be sorted.</summary>
    public SideScores ToSide()
    {
        var random = new Random(0);
        var (scores, labels) = (Scores.ToArray(), Labels.ToArray());
        random.Shuffle(scores);
        random.Shuffle(labels);
        return new() { Scores = scores, Labels = labels, Missing = Nulls };
    }

    /// <param name="path">The file.</param>
    /// <param name="first">Its first row.</param>
    /// <param name="name">What is looked for.</param>
    /// <param name="isHeader">Whether the row is a header; null: the column's cells must tell.</param>
    private static int Place(string path, List<string> first, string? name, out bool? isHeader)
    {
        var found = first.IndexOf(name ?? DefaultName);
        var isPlace = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < first.Count;
        // Numbers are no titles, unless they count the columns.
        var isOfValues = first.TrueForAll(IsValue) && (first.Count == 1 || !first.Select((title, index) => title == $"{index}").All(same => same));
        isHeader = found >= 0 && !(isPlace && isOfValues) ? true : null;
        if (isHeader == true) return found;
        if (isPlace) return place;
        if (first.Count == 1 && (name is null || IsValue(first[0]))) return 0;
        throw CommandFailure.Usage("column",
            $"{path} has no column '{name ?? DefaultName}': its columns are {string.Join(", ", first)}. --column takes a name, or a place counted from 0.");
    }

    /// <summary>A label that comes again below it is one of the rows.</summary>
    private static bool IsTitle(string cell, List<string> below) => !IsValue(cell) && !below.Contains(cell);

    private static CsvColumn Of(List<string> cells)
    {
        double[] scores = [.. cells.Select(Number).Where(double.IsFinite)];
        string[] labels = scores.Length > 0 ? [] : [.. cells.Where(cell => !IsValue(cell))];
        return new(scores, labels, cells.Count - scores.Length - labels.Length);
    }

    /// <summary>A number, or what stands for one that is missing.</summary>
    private static bool IsValue(string cell) =>
        cell.Length == 0 || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        || NullWords.Contains(cell, StringComparer.OrdinalIgnoreCase);

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
