namespace BlueGreen.ModelServer.Training;

/// <summary>
/// What the releases have to show, fixed before any of them was trained; the tests hold five other seeds to the same.
/// Distances are the two-sample Kolmogorov-Smirnov statistic D between score distributions.
/// </summary>
internal static class Thresholds
{
    /// <summary>A retrain that is as good as v1 stays this close to it.</summary>
    public const double MaxGoodDistance = 0.05;

    /// <summary>The broken feature moves scores at least this far.</summary>
    public const double MinBrokenDistance = 0.35;

    /// <summary>Share of all frauds found on the golden payloads, at no more than <see cref="MaxFalsePositiveRate"/>.</summary>
    public const double MinRecall = 0.80;

    public const double MaxFalsePositiveRate = 0.01;

    /// <summary>Share of the live payloads that lie in the slice which the golden payloads do not have.</summary>
    public const double SliceShare = 0.15;

    /// <summary>Share of all live payloads that v4 answers with null.</summary>
    public static readonly Band SevereNullRate = new(0.10, 0.15);

    /// <summary>Share of all live payloads that v5 answers with null.</summary>
    public static readonly Band MildNullRate = new(0.04, 0.06);

    /// <summary>Good releases answer every row.</summary>
    public static readonly Band NoNulls = new(0, 0);
}
