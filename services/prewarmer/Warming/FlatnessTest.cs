using System.Globalization;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Decides from a run of latencies whether they have become flat.
/// </summary>
/// <remarks>
/// <para>Of the last three (or, when there is room for no more, two) neighbouring windows the median and the 90th percentile are
/// compared pair by pair. Not the 99th: of 30 requests that is the slowest one, which on a shared machine says when a scheduler or a
/// garbage collector looked in, not whether the model is warm. The median says when the code is compiled and the caches are filled; the
/// 90th percentile sees a slow path that the median does not, in windows of 30 for certain when a third of the requests takes it.</para>
/// <para>A difference between two windows counts only when it is both relevant and real. Relevant: larger than the tolerance (relative to
/// the smaller value) and larger than the absolute floor, because of two sub-millisecond numbers 5 % are measurement noise. Real: the
/// two quantiles' distribution-free confidence intervals do not overlap. Those are order statistics whose ranks come from the binomial
/// distribution (H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1); they assume nothing about the shape, so
/// bimodal and heavy-tailed latencies are no false alarm.</para>
/// <para>A slow drift can hide between neighbours, so all compared windows together must show no trend either: Mann–Kendall test, 5 % on
/// either side (H. B. Mann, "Nonparametric tests against trend", Econometrica 13, 1945; M. G. Kendall, "Rank correlation
/// methods", 1948, with the correction for ties), counted when the drift of the median is relevant as above.</para>
/// <para>Intervals (80 %) and trend (5 %) are narrow on purpose: a false alarm costs a few more requests until the next answer, a missed
/// drift a cold replica in production.</para>
/// </remarks>
/// <param name="window">Requests per window, at least 2.</param>
/// <param name="windows">Windows compared, 2 or 3.</param>
/// <param name="tolerance">Relative difference that still counts as flat, e.g. 0.05.</param>
/// <param name="floor">Absolute difference that still counts as flat.</param>
internal sealed class FlatnessTest(int window, int windows, double tolerance, TimeSpan floor)
{
    private const double Median = 0.5;
    private const double Tail = 0.9;

    /// <summary>|z| beyond which a trend is real: 5 % on either side.</summary>
    private const double TrendLimit = 1.645;

    private readonly QuantileRanks _median = QuantileRanks.Of(window, Median);
    private readonly QuantileRanks _tail = QuantileRanks.Of(window, Tail);

    /// <summary>Latencies needed before there can be an answer.</summary>
    public int Needed => window * windows;

    /// <summary>Judges the newest latencies.</summary>
    /// <param name="milliseconds">All latencies so far, oldest first, at least <see cref="Needed"/>.</param>
    public Flatness Judge(IReadOnlyList<double> milliseconds)
    {
        var start = milliseconds.Count - Needed;
        double[] recent = [.. milliseconds.Skip(start)];
        var sorted = recent.Chunk(window).ToArray();
        foreach (var part in sorted) Array.Sort(part);
        var figures = $"medians {List(sorted, _median)} ms, 90th percentiles {List(sorted, _tail)} ms";
        var difference = Difference(sorted, _median, "the median") ?? Difference(sorted, _tail, "the 90th percentile")
            ?? Trend(sorted, recent);
        return new(difference is null, difference is null ? figures : $"{difference}: {figures}");
    }

    private string? Difference(double[][] sorted, QuantileRanks ranks, string name)
    {
        for (var i = 0; i < sorted.Length; i++)
        {
            for (var j = i + 1; j < sorted.Length; j++)
            {
                var (earlier, later) = (ranks.Estimate(sorted[i]), ranks.Estimate(sorted[j]));
                if (IsRelevant(earlier, later) && !ranks.Overlap(sorted[i], sorted[j]))
                    return $"{name} {(later < earlier ? "still falls" : "rises")}";
            }
        }

        return null;
    }

    private string? Trend(double[][] sorted, double[] recent)
    {
        var (first, last) = (_median.Estimate(sorted[0]), _median.Estimate(sorted[^1]));
        if (!IsRelevant(first, last) || Math.Abs(TrendTest.Z(recent)) < TrendLimit) return null;
        return last < first ? "latency still falls slowly" : "latency rises slowly";
    }

    private bool IsRelevant(double one, double other) =>
        Math.Abs(one - other) > Math.Max(tolerance * Math.Min(one, other), floor.TotalMilliseconds);

    private static string List(double[][] sorted, QuantileRanks ranks) =>
        string.Join(", ", sorted.Select(part => ranks.Estimate(part).ToString("0.00", CultureInfo.InvariantCulture)));
}

/// <summary>The verdict on the newest windows.</summary>
/// <param name="IsFlat">True when no difference counts.</param>
/// <param name="Description">What was compared, and if not flat what is wrong, in words.</param>
internal readonly record struct Flatness(bool IsFlat, string Description);
