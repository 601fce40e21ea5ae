namespace BlueGreen.Judging.Statistics;

/// <summary>
/// A sample in ascending order. It is sorted once and then serves every statistic, each of which walks over it in one pass. What is not a
/// finite number is a null: it is counted and has no place in the order.
/// </summary>
public sealed class SortedSample
{
    private readonly double[] _values;

    private SortedSample(double[] values, int nulls)
    {
        _values = values;
        Nulls = nulls;
    }

    /// <summary>How many finite numbers there are.</summary>
    public int Count => _values.Length;

    /// <summary>How many values were null, NaN or infinite.</summary>
    public int Nulls { get; }

    /// <summary>The finite numbers, ascending.</summary>
    public ReadOnlySpan<double> Values => _values;

    public double Smallest => _values[0];

    public double Largest => _values[^1];

    /// <summary>Copies and sorts; the caller's values stay as they are.</summary>
    public static SortedSample Of(ReadOnlySpan<double> values)
    {
        var finite = 0;
        foreach (var value in values) finite += double.IsFinite(value) ? 1 : 0;
        var kept = new double[finite];
        var next = 0;
        foreach (var value in values)
            if (double.IsFinite(value)) kept[next++] = value;
        RadixSort.Sort(kept);
        return new(kept, values.Length - finite);
    }

    /// <summary>Mean and standard deviation (divisor n, as numpy's default), in two passes.</summary>
    public (double Mean, double Deviation) Moments()
    {
        var mean = 0.0;
        foreach (var value in _values) mean += value / Count;
        var squares = 0.0;
        foreach (var value in _values) squares += (value - mean) * (value - mean) / Count;
        return (mean, Math.Sqrt(squares));
    }

    /// <summary>The quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, numpy's default).</summary>
    /// <param name="share">In [0, 1].</param>
    public double Quantile(double share)
    {
        var position = share * (Count - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, Count - 1);
        var (low, high) = (_values[below], _values[above]);
        var part = position - below;
        // The width between the largest numbers of both signs is none.
        if (double.IsInfinity(high - low)) return (low * (1 - part)) + (high * part);
        // From the nearer end, as numpy does it, so that both ends are met exactly.
        return part < 0.5 ? low + ((high - low) * part) : high - ((high - low) * (1 - part));
    }

    /// <summary>How many values are below <paramref name="limit"/>.</summary>
    public int CountBelow(double limit)
    {
        int low = 0, high = _values.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_values[middle] < limit) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
