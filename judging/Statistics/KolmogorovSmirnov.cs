namespace BlueGreen.Judging.Statistics;

/// <summary>
/// The two-sample Kolmogorov–Smirnov statistic, D = sup |F(x) − G(x)| over the two empirical distribution functions, with its two-sided
/// p-value. D is kept as a fraction: as D·n·m is a whole number, equality with a lattice point is exact.
/// </summary>
/// <remarks>
/// Source: N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Annals of Mathematical Statistics 19
/// (1948). Ties are handled as scipy's <c>ks_2samp</c> does: both functions step past equal values together, which leaves the p-value
/// conservative.
/// </remarks>
public sealed class KolmogorovSmirnov
{
    /// <summary>Above this sample size the exact p-value gives way to the limit distribution, as in scipy's <c>method="auto"</c>.</summary>
    public const int LargestExact = 10_000;

    private readonly long _scaled;

    private KolmogorovSmirnov(long scaled, int first, int second)
    {
        _scaled = scaled;
        First = first;
        Second = second;
    }

    /// <summary>Size of the first sample.</summary>
    public int First { get; }

    /// <summary>Size of the second sample.</summary>
    public int Second { get; }

    /// <summary>The distance in [0, 1].</summary>
    public double D => (double)_scaled / ((long)First * Second);

    /// <summary>1/n + 1/m: the variance scale of the difference of the two empirical distribution functions.</summary>
    public double Scale => (1.0 / First) + (1.0 / Second);

    /// <summary>Compares two samples with at least one number each.</summary>
    public static KolmogorovSmirnov Compare(SortedSample first, SortedSample second)
    {
        ArgumentOutOfRangeException.ThrowIfZero(first.Count);
        ArgumentOutOfRangeException.ThrowIfZero(second.Count);
        return new(LargestDifference(first.Values, second.Values), first.Count, second.Count);
    }

    /// <summary>P(D ≥ observed) when both samples come from one continuous distribution; exact or not as scipy's <c>auto</c> chooses.</summary>
    public double PValue() => Math.Max(First, Second) <= LargestExact ? ExactPValue() : AsymptoticPValue();

    private static long LargestDifference(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        long largest = 0, difference = 0;
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            var value = Math.Min(x[i], y[j]);
            for (; i < x.Length && x[i] <= value; i++) difference += y.Length;
            for (; j < y.Length && y[j] <= value; j++) difference -= x.Length;
            largest = Math.Max(largest, Math.Abs(difference));
        }

        return largest;
    }

    /// <summary>Under the null hypothesis every interleaving of the samples is an equally likely lattice path from (0,0) to (n,m).</summary>
    public double ExactPValue()
    {
        if (_scaled == 0) return 1;
        return First == Second ? EqualSizes(First, _scaled / First) : UnequalSizes();
    }

    /// <summary>
    /// The distribution of the one-sample statistic at the effective size nm/(n+m), rounded, as scipy's <c>method="asymp"</c>.
    /// </summary>
    public double AsymptoticPValue()
    {
        double larger = Math.Max(First, Second), smaller = Math.Min(First, Second);
        return OneSampleKolmogorov.UpperTail((int)Math.Round(larger * smaller / (larger + smaller), MidpointRounding.ToEven), D);
    }

    /// <summary>
    /// For n = m the reflection principle gives 2 Σ (−1)^(k+1) C(2n, n−kh) / C(2n, n) over k ≥ 1, with h = nD: here from the inside out, so
    /// that only ratios of neighbouring binomials occur. Source: B. Gnedenko and V. Koroljuk, Doklady AN SSSR 80 (1951).
    /// </summary>
    private static double EqualSizes(int n, long h)
    {
        var nested = 0.0;
        for (var k = n / h; k >= 1; k--)
        {
            var ratio = 1.0;
            for (var i = ((k - 1) * h) + 1; i <= k * h; i++) ratio *= (double)(n - i + 1) / (n + i);
            nested = ratio * (1 - nested);
        }

        return Math.Min(1, 2 * nested);
    }

    /// <summary>
    /// The share of paths to (i,j) that have touched |i/n − j/m| ≥ D is the mean of the shares at the two predecessors, weighted by how
    /// many paths come from each: i and j out of i+j. Working with the share outside (not inside) keeps small p-values precise; only the
    /// band inside is walked. Source: J. L. Hodges, "The significance probability of the Smirnov two-sample test", Arkiv för Matematik 3
    /// (1958).
    /// </summary>
    private double UnequalSizes()
    {
        long n = First, m = Second;
        var outside = new double[m + 1];
        Array.Fill(outside, 1);
        outside[0] = 0;
        for (long i = 0; i <= n; i++)
        {
            var from = Math.Max(0, FloorDivide((i * m) - _scaled, n) + 1);
            var to = Math.Min(m, FloorDivide((i * m) + _scaled - 1, n));
            if (from > 0) outside[from - 1] = 1;
            for (var j = from; j <= to; j++)
            {
                if (i + j == 0) continue;
                var before = j > 0 ? j * outside[j - 1] : 0;
                outside[j] = ((i * outside[j]) + before) / (i + j);
            }

            if (to < from) return 1;
        }

        return outside[m];
    }

    private static long FloorDivide(long dividend, long divisor) =>
        dividend >= 0 ? dividend / divisor : -((-dividend + divisor - 1) / divisor);
}
