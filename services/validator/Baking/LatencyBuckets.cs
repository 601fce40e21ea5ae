namespace BlueGreen.Validator.Baking;

/// <summary>A latency histogram as the routers keep it.</summary>
/// <param name="Bounds">Upper bounds of the buckets, milliseconds, rising; the last is positive infinity.</param>
/// <param name="Counts">Requests per bucket, as many as bounds.</param>
internal sealed record LatencyBuckets(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts)
{
    public static LatencyBuckets Empty { get; } = new([], []);

    public long Total => Counts.Sum();

    /// <summary>The sum of two histograms with the same bounds; an empty one has any.</summary>
    /// <returns>Null when the bounds differ.</returns>
    public LatencyBuckets? Plus(LatencyBuckets other)
    {
        if (Bounds.Count == 0) return other;
        if (other.Bounds.Count == 0) return this;
        return Bounds.SequenceEqual(other.Bounds)
            ? new(Bounds, [.. Counts.Zip(other.Counts, (one, two) => one + two)])
            : null;
    }

    /// <summary>
    /// The quantile, interpolated linearly within its bucket as if requests were spread evenly over it; the first bucket begins at 0.
    /// </summary>
    /// <returns>Milliseconds; null without requests, or when the quantile lies in the last bucket, which has no upper end.</returns>
    public double? Quantile(double quantile)
    {
        var rank = quantile * Total;
        var below = 0L;
        for (var i = 0; i < Counts.Count; i++)
        {
            if (Counts[i] > 0 && below + Counts[i] >= rank)
            {
                if (double.IsPositiveInfinity(Bounds[i])) return null;
                var lower = i == 0 ? 0 : Bounds[i - 1];
                return lower + ((Bounds[i] - lower) * (rank - below) / Counts[i]);
            }

            below += Counts[i];
        }

        return null;
    }

    /// <summary>Requests that certainly took longer: those of the buckets that begin at the limit or above it.</summary>
    public long CertainlyAbove(double milliseconds)
    {
        var sum = 0L;
        for (var i = 0; i < Counts.Count; i++)
            if ((i == 0 ? 0 : Bounds[i - 1]) >= milliseconds) sum += Counts[i];
        return sum;
    }

    /// <summary>Requests that certainly took no longer: those of the buckets that end at the limit or below it.</summary>
    public long CertainlyWithin(double milliseconds)
    {
        var sum = 0L;
        for (var i = 0; i < Counts.Count; i++)
            if (Bounds[i] <= milliseconds) sum += Counts[i];
        return sum;
    }
}
