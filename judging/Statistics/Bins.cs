using BlueGreen.Contracts;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// Bins over the whole line: edges e₁ &lt; … &lt; e₍ₖ₋₁₎ make k bins (−∞, e₁), [e₁, e₂), …, [e₍ₖ₋₁₎, ∞), so that no value of either sample falls
/// beside them. For values between the outer edges these are numpy.histogram's. A value that fills a bin by itself has one of its own, [e, e],
/// which the next number above e ends.
/// </summary>
public sealed class Bins
{
    private readonly double[] _edges;

    private Bins(IEnumerable<double> edges) => _edges = [.. edges.Distinct()];

    public int Count => _edges.Length + 1;

    /// <summary>Inner edges, ascending.</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <summary>Bins at given inner edges, ascending.</summary>
    public static Bins At(IEnumerable<double> edges) => new(edges);

    /// <summary>Bins by a rule.</summary>
    /// <param name="rule">How edges are found.</param>
    /// <param name="count">How many bins, at least 2; <see cref="BinRule.Sturges"/> finds its own number. Tied values make fewer or more of them.</param>
    /// <param name="baseline">The sample that quantiles are of.</param>
    /// <param name="candidate">The other one.</param>
    public static Bins By(BinRule rule, int count, SortedSample baseline, SortedSample candidate)
    {
        if (rule == BinRule.Quantile) return new(Inner(count).SelectMany(i => Around(baseline.Quantile((double)i / count), baseline, count)));
        if (rule == BinRule.Sturges) count = (int)Math.Ceiling(Math.Log2(baseline.Count + candidate.Count)) + 1;
        var low = Math.Min(baseline.Smallest, candidate.Smallest);
        var high = Math.Max(baseline.Largest, candidate.Largest);
        // Divided before subtracted: the width of the widest range is not finite.
        return new(Inner(count).Select(i => low + (((high / count) - (low / count)) * i)));
    }

    /// <summary>How many of the sample's values are in each bin.</summary>
    public long[] CountsOf(SortedSample sample)
    {
        var counts = new long[Count];
        var before = 0;
        for (var i = 0; i < _edges.Length; i++)
        {
            var below = sample.CountBelow(_edges[i]);
            counts[i] = below - before;
            before = below;
        }

        counts[^1] = sample.Count - before;
        return counts;
    }

    /// <summary>
    /// The edge; behind it another one where the value itself is as frequent as a bin should be. Otherwise whatever lies above it would be
    /// counted with it, and a sample moved there would look as if it had stayed.
    /// </summary>
    private static IEnumerable<double> Around(double edge, SortedSample baseline, int count)
    {
        yield return edge;
        var above = Math.BitIncrement(edge);
        long equal = baseline.CountBelow(above) - baseline.CountBelow(edge);
        if (equal > 1 && equal * count >= baseline.Count && double.IsFinite(above)) yield return above;
    }

    private static IEnumerable<int> Inner(int count) => Enumerable.Range(1, count - 1);
}
