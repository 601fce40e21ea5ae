using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// A quantile of a sorted window, and the ranks of the two order statistics that enclose the true quantile with at least 80 % confidence
/// whatever the distribution: the number of values below it is binomial.
/// </summary>
/// <param name="Quantile">In (0, 1).</param>
/// <param name="Low">0-based rank of the lower end.</param>
/// <param name="High">0-based rank of the upper end.</param>
internal readonly record struct QuantileRanks(double Quantile, int Low, int High)
{
    private const double OneTail = 0.1;

    public static QuantileRanks Of(int count, double quantile)
    {
        var low = 0;
        while (low < count - 1 && Binomial.CDF(quantile, count, low + 1) <= OneTail) low++;
        var high = low;
        while (high < count - 1 && Binomial.CDF(quantile, count, high) < 1 - OneTail) high++;
        return new(quantile, low, high);
    }

    public double Estimate(double[] sorted) => SortedArrayStatistics.Quantile(sorted, Quantile);

    public bool Overlap(double[] one, double[] other) => one[Low] <= other[High] && other[Low] <= one[High];
}
