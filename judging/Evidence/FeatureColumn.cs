namespace BlueGreen.Judging.Evidence;

/// <summary>One feature of live requests, and of the reference where there is one.</summary>
public sealed record FeatureColumn
{
    public required string Name { get; init; }
    public required FeatureValues Live { get; init; }

    /// <summary>Null: there is no reference, or the feature is not in it.</summary>
    public FeatureValues? Reference { get; init; }
}

/// <summary>The values of a feature.</summary>
public sealed record FeatureValues
{
    /// <summary>Finite numbers.</summary>
    public IReadOnlyList<double> Numbers { get; init; } = [];

    /// <summary>Texts and truth values.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Nulls, NaN, infinities and empty texts.</summary>
    public int Nulls { get; init; }

    /// <summary>All of them.</summary>
    public int Count => Numbers.Count + Words.Count + Nulls;

    /// <summary>Evenly over what there is, so that no time of day is preferred.</summary>
    public FeatureValues Within(int most) => this with { Numbers = Thinned(Numbers, most), Words = Thinned(Words, most) };

    private static IReadOnlyList<T> Thinned<T>(IReadOnlyList<T> values, int most) =>
        values.Count <= most ? values : [.. Enumerable.Range(0, most).Select(i => values[(int)((long)i * values.Count / most)])];
}
