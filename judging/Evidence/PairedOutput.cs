namespace BlueGreen.Judging.Evidence;

/// <summary>One output of both colours, row by row: numbers or labels.</summary>
public sealed record PairedOutput
{
    /// <summary>Blue's name for it; empty: not known.</summary>
    public string Name { get; init; } = "";

    /// <summary>Null: no finite score. Empty where the output is labels.</summary>
    public IReadOnlyList<double?> Green { get; init; } = [];

    /// <inheritdoc cref="Green"/>
    public IReadOnlyList<double?> Blue { get; init; } = [];

    /// <summary>Null: no label. Empty where the output is numbers.</summary>
    public IReadOnlyList<string?> GreenLabels { get; init; } = [];

    /// <inheritdoc cref="GreenLabels"/>
    public IReadOnlyList<string?> BlueLabels { get; init; } = [];

    /// <summary>Pairs of answers, whether or not both sides gave one.</summary>
    internal int Count => Math.Max(Blue.Count, BlueLabels.Count);

    internal bool IsFreeText => BlueLabels.Distinct(StringComparer.Ordinal).Count() > (BlueLabels.Count + 1) / 2;

    internal PairedOutput First(int most) => this with
    {
        Green = [.. Green.Take(most)],
        Blue = [.. Blue.Take(most)],
        GreenLabels = [.. GreenLabels.Take(most)],
        BlueLabels = [.. BlueLabels.Take(most)],
    };

    /// <summary>Distance and text of the pairs that differ; an answer that only one side gives does, by infinitely much.</summary>
    internal IReadOnlyList<(double Distance, string Text)> Apart(double tolerance) =>
        [.. Enumerable.Range(0, Count).Select(row => Compare(row)).Where(pair => !(pair.Distance <= tolerance))];

    private (double Distance, string Text) Compare(int row)
    {
        if (BlueLabels.Count > 0)
        {
            var (before, after) = (BlueLabels[row], GreenLabels.ElementAtOrDefault(row));
            return (before is not null && before == after ? 0 : double.PositiveInfinity, $"{before ?? "none"} → {after ?? "none"}");
        }

        var (blue, green) = (Blue[row], Green.ElementAtOrDefault(row));
        return (blue is null || green is null ? double.PositiveInfinity : Math.Abs(blue.Value - green.Value), $"{Text(blue)} → {Text(green)}");
    }

    private static string Text(double? score) => score is { } number ? FormattableString.Invariant($"{number:0.####}") : "none";
}
