using BlueGreen.Validator.Metrics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// What a monitoring system counts of one environment: the sum of its observations and how many they are. A counter that went back was
/// started again, as counters are with their process, and goes on from where it was.
/// </summary>
internal sealed class RunningSum
{
    private (double Sum, double Count) _last;
    private (double Sum, double Count) _before;

    public double Sum => _before.Sum + _last.Sum;

    public double Count => _before.Count + _last.Count;

    /// <summary>Takes in both numbers of one moment.</summary>
    /// <param name="sum">Of the observations.</param>
    /// <param name="count">How many.</param>
    /// <param name="largest">Largest value of one of them.</param>
    /// <returns>What is wrong with them; the count itself when nothing is.</returns>
    public MetricSample Take(MetricSample sum, MetricSample count, double largest)
    {
        if (count.Value is not { } number) return count;
        if (sum.Value is not { } total) return sum;
        if (total < 0 || number < 0) return MetricSample.Error(FormattableString.Invariant($"{total:0.####} of {number:0.####}: neither can be below 0"));
        if (total > number * largest)
            return MetricSample.Error(FormattableString.Invariant($"{number:0.####} observations of at most {largest:0.####} cannot add up to {total:0.####}"));
        if (total < _last.Sum || number < _last.Count) _before = (Sum, Count);
        _last = (total, number);
        return count;
    }
}
