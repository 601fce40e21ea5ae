using System.Numerics;

namespace BlueGreen.Router.Windows;

/// <summary>
/// Fixed, log-linear latency buckets: every doubling from 64 µs to 67 s is cut into eight equal parts, so that a bucket's width is at
/// most 12.5 % of its lower bound. All routers share them, so counts of several routers add up.
/// </summary>
internal static class LatencyBuckets
{
    private const int FirstOctave = 6;
    private const int Octaves = 20;
    private const int PartBits = 3;

    /// <summary>Buckets: one below 64 µs, eight for each of 20 doublings, one above.</summary>
    public const int Count = 1 + (Octaves << PartBits) + 1;

    /// <summary>Upper bounds in milliseconds, exclusive; the last is null: no bound.</summary>
    public static IReadOnlyList<double?> BoundsMilliseconds { get; } = Enumerable.Range(0, Count).Select(UpperBound).ToArray();

    public static int IndexOf(TimeSpan latency)
    {
        var microseconds = (ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond);
        var octave = BitOperations.Log2(microseconds | 1);
        if (octave < FirstOctave) return 0;
        if (octave >= FirstOctave + Octaves) return Count - 1;
        var part = (int)(microseconds >> (octave - PartBits)) & ((1 << PartBits) - 1);
        return 1 + ((octave - FirstOctave) << PartBits) + part;
    }

    /// <returns>Upper bound of the bucket in which a quantile lies, milliseconds; null: nothing was counted, or it lies in the last, open one.</returns>
    public static double? Quantile(IReadOnlyList<long> counts, double quantile)
    {
        var rank = (long)Math.Ceiling(quantile * counts.Sum());
        if (rank == 0) return null;
        var seen = 0L;
        for (var index = 0; index < counts.Count; index++)
        {
            seen += counts[index];
            if (seen >= rank) return BoundsMilliseconds[index];
        }

        return null;
    }

    private static double? UpperBound(int index)
    {
        if (index == Count - 1) return null;
        var octave = FirstOctave + (index >> PartBits);
        var part = index & ((1 << PartBits) - 1);
        return ((1L << octave) + ((long)part << (octave - PartBits))) / 1000d;
    }
}
