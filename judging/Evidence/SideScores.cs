using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>What one colour answered, in the order in which it was asked, which is random: one output of its model, and the others beside it.</summary>
public sealed record SideScores
{
    public static SideScores Empty { get; } = new();

    /// <summary>The output's name, of an output with several columns with the column's place (<c>probabilities.0</c>); empty: not known.</summary>
    public string Output { get; init; } = "";

    /// <summary>The finite scores.</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];

    /// <summary>The slice of each score or label, as its place in <see cref="DistributionEvidence.Slices"/>; null: not sliced.</summary>
    public IReadOnlyList<int>? SliceOf { get; init; }

    /// <summary>The labels of an output in words.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Predictions owed that did not come: null ones, and those of failed requests.</summary>
    public int Missing { get; init; }

    /// <summary>An example of a failed request's error; null when none failed.</summary>
    public string? Error { get; init; }

    /// <summary>The model's other outputs.</summary>
    public IReadOnlyList<SideScores> Others { get; init; } = [];

    /// <summary>Predictions that can be compared.</summary>
    public int Count => Scores.Count > 0 ? Scores.Count : Labels.Count;

    public double MissingShare => Count + Missing == 0 ? 0 : (double)Missing / (Count + Missing);

    /// <summary>Every output, this one first.</summary>
    internal IEnumerable<SideScores> All => Others.Prepend(this);

    /// <summary>Texts of their own rather than labels of classes: more than half of them are different. No distribution can be told of these.</summary>
    internal bool IsFreeText => Scores.Count == 0 && Labels.Count > 0 && Labels.Distinct(StringComparer.Ordinal).Count() > Labels.Count / 2;

    /// <summary>The first of them; what did not come is remembered as a whole.</summary>
    public SideScores First(int count) => this with
    {
        Scores = [.. Scores.Take(count)],
        SliceOf = SliceOf is null ? null : [.. SliceOf.Take(count)],
        Labels = [.. Labels.Take(count)],
        Others = [.. Others.Select(output => output.First(count))],
    };

    public SortedSample Sorted() => SortedSample.Of([.. Scores]);

    /// <summary>Those of one slice.</summary>
    internal SideScores Slice(int slice) => this with { Scores = Of(Scores, slice), Labels = Of(Labels, slice), SliceOf = null, Others = [] };

    private IReadOnlyList<T> Of<T>(IReadOnlyList<T> values, int slice) => [.. values.Where((_, index) => SliceOf![index] == slice)];
}

/// <summary>How much there was at one look.</summary>
/// <param name="Green">Predictions of green.</param>
/// <param name="Blue">Predictions of blue.</param>
public sealed record LookSize(int Green, int Blue);

/// <summary>What a model that is as good as blue answered.</summary>
/// <param name="Name">Its file.</param>
/// <param name="Scores">By the names of blue's outputs.</param>
public sealed record RetrainScores(string Name, SideScores Scores);
