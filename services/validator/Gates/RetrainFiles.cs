using System.Globalization;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Http;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Scores of retrains: CSV without quotes, a line per row. With a header each column is of the output of that name; a single column of numbers
/// needs none and is of the first output. Empty fields are left out.
/// </summary>
internal sealed class RetrainFiles(IBlobs blobs)
{
    /// <returns>The retrains; or why one cannot be read.</returns>
    public async Task<(IReadOnlyList<RetrainScores> Retrains, string? Error)> ReadAsync(
        IReadOnlyList<BlobReference> files, CancellationToken cancellationToken)
    {
        var retrains = new List<RetrainScores>(files.Count);
        foreach (var file in files)
        {
            var text = Encoding.UTF8.GetString(await blobs.GetAsync(file, cancellationToken)).TrimStart('\uFEFF');
            if (Read(text) is not { } scores) return ([], $"{file.Name}: a column of scores is expected, or several with a header");
            retrains.Add(new(file.Name, scores));
        }

        return (retrains, null);
    }

    /// <returns>Null when it holds no scores.</returns>
    public static SideScores? Read(string csv)
    {
        string[][] lines = [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(','))];
        if (lines.Length == 0) return null;
        var isBare = lines[0].Length == 1 && Number(lines[0][0]) is not null;
        string[] names = isBare ? [""] : lines[0];
        SideScores[] columns = [.. names.Select((name, place) => Column(
            name.Trim(), [.. lines.Skip(isBare ? 0 : 1).Select(line => line.ElementAtOrDefault(place)?.Trim() ?? "").Where(field => field.Length > 0)]))];
        return columns.All(column => column.Count > 0) ? columns[0] with { Others = columns[1..] } : null;
    }

    /// <summary>Numbers, unless one of the fields is none.</summary>
    private static SideScores Column(string name, string[] fields)
    {
        double?[] numbers = [.. fields.Select(Number)];
        return numbers.Contains(null) ? new() { Output = name, Labels = fields } : new() { Output = name, Scores = [.. numbers.OfType<double>()] };
    }

    private static double? Number(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
