using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>What one colour answered, in the order in which it was asked, which is random.</summary>
public sealed record SideScores
{
    public static SideScores Empty { get; } = new();

    /// <summary>The finite scores.</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];

    /// <summary>The slice of each score, as its place in <see cref="DistributionEvidence.Slices"/>; null: not sliced.</summary>
    public IReadOnlyList<int>? SliceOf { get; init; }

    /// <summary>The labels of a model that answers in words.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Predictions owed that did not come: null ones, and those of failed requests.</summary>
    public int Missing { get; init; }

    /// <summary>An example of a failed request's error; null when none failed.</summary>
    public string? Error { get; init; }

    /// <summary>Predictions that can be compared.</summary>
    public int Count => Scores.Count > 0 ? Scores.Count : Labels.Count;

    public double MissingShare => Count + Missing == 0 ? 0 : (double)Missing / (Count + Missing);

    /// <summary>The first of them; what did not come is remembered as a whole.</summary>
    public SideScores First(int count) => this with
    {
        Scores = [.. Scores.Take(count)],
        SliceOf = SliceOf is null ? null : [.. SliceOf.Take(count)],
        Labels = [.. Labels.Take(count)],
    };

    public SortedSample Sorted() => SortedSample.Of([.. Scores]);

    /// <summary>The scores of one slice.</summary>
    public SortedSample Sorted(int slice) => SortedSample.Of([.. Scores.Where((_, index) => SliceOf![index] == slice)]);
}

/// <summary>How much there was at one look.</summary>
/// <param name="Green">Predictions of green.</param>
/// <param name="Blue">Predictions of blue.</param>
public sealed record LookSize(int Green, int Blue);
