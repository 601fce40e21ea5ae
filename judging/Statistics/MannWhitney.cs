using MathNet.Numerics;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// The Mann–Whitney U of the first sample, two-sided, as scipy 1.10's <c>mannwhitneyu</c>: exact without ties and with a sample of at most
/// eight, otherwise by the normal limit with tie and continuity corrections.
/// </summary>
/// <remarks>
/// Source: H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947); the standard error of the superiority from placements:
/// E. DeLong, D. DeLong and D. Clarke-Pearson, Biometrics 44 (1988).
/// </remarks>
/// <param name="U">Pairs in which the first sample's value is the larger one, ties counting half.</param>
/// <param name="First">Size of the first sample.</param>
/// <param name="Second">Size of the second sample.</param>
/// <param name="TieTerm">Σ t³ − t over groups of t equal values.</param>
/// <param name="StandardError">Of <see cref="Superiority"/>.</param>
public sealed record MannWhitney(double U, int First, int Second, double TieTerm, double StandardError)
{
    private const int LargestExact = 8;

    /// <summary>P(first &gt; second) + ½ P(first = second), estimated; ½ when neither tends to be larger.</summary>
    public double Superiority => U / ((double)First * Second);

    /// <summary>Compares two samples with at least one number each.</summary>
    public static MannWhitney Compare(SortedSample first, SortedSample second)
    {
        ArgumentOutOfRangeException.ThrowIfZero(first.Count);
        ArgumentOutOfRangeException.ThrowIfZero(second.Count);
        ReadOnlySpan<double> x = first.Values, y = second.Values;
        double ties = 0, squaresX = 0, squaresY = 0;
        var doubled = 0L;
        int i = 0, j = 0;
        while (i < x.Length || j < y.Length)
        {
            var value = j == y.Length || (i < x.Length && x[i] <= y[j]) ? x[i] : y[j];
            int startX = i, startY = j;
            while (i < x.Length && x[i] == value) i++;
            while (j < y.Length && y[j] == value) j++;
            long equalX = i - startX, equalY = j - startY;
            doubled += equalX * ((2L * startY) + equalY);
            double placementX = startY + (0.5 * equalY), placementY = startX + (0.5 * equalX);
            squaresX += equalX * placementX * placementX;
            squaresY += equalY * placementY * placementY;
            double tied = equalX + equalY;
            ties += (tied * tied * tied) - tied;
        }

        var error = StandardErrorOf(doubled / 2.0, x.Length, y.Length, squaresX, squaresY);
        return new(doubled / 2.0, x.Length, y.Length, ties, error);
    }

    /// <summary>P(a U as extreme or more) when both samples come from one distribution.</summary>
    public double PValue()
    {
        var larger = Math.Max(U, ((double)First * Second) - U);
        return Math.Min(1, 2 * (Math.Min(First, Second) <= LargestExact && TieTerm == 0 ? ExactTail(larger) : NormalTail(larger)));
    }

    private static double StandardErrorOf(double u, int n, int m, double squaresX, double squaresY)
    {
        var mean = u / ((double)n * m);
        var varianceX = (squaresX / n / m / m) - (mean * mean);
        var varianceY = (squaresY / m / n / n) - ((1 - mean) * (1 - mean));
        return Math.Sqrt((Math.Max(0, varianceX) / n) + (Math.Max(0, varianceY) / m));
    }

    private double NormalTail(double larger)
    {
        double pairs = (double)First * Second, all = (double)First + Second;
        // Of a million equal values the terms do not cancel to 0, but to what rounding leaves, on either side of it.
        var deviation = Math.Sqrt(Math.Max(0, pairs / 12 * (all + 1 - (TieTerm / (all * (all - 1))))));
        var z = (larger - (pairs / 2) - 0.5) / deviation;
        return double.IsNegativeInfinity(z) ? 1 : SpecialFunctions.Erfc(z / Constants.Sqrt2) / 2;
    }

    /// <summary>
    /// P(U ≥ larger) from the number of ways to each U: the coefficients of Π (1 − q^(m+i)) / (1 − q^i), here up to the other tail's end,
    /// as the distribution is symmetrical.
    /// </summary>
    private double ExactTail(double larger)
    {
        int few = Math.Min(First, Second), many = Math.Max(First, Second);
        var last = (int)((First * (long)Second) - (long)larger);
        var ways = new double[last + 1];
        ways[0] = 1;
        for (var i = 1; i <= few; i++)
        {
            for (var k = last; k >= many + i; k--) ways[k] -= ways[k - many - i];
            for (var k = i; k <= last; k++) ways[k] += ways[k - i];
        }

        return ways.Sum() / SpecialFunctions.Binomial(few + many, few);
    }
}
