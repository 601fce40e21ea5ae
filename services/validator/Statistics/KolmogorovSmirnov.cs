namespace BlueGreen.Validator.Statistics;

/// <summary>
/// The two-sample Kolmogorov–Smirnov statistic, D = sup |F(x) − G(x)| over the two empirical distribution functions, with its two-sided
/// p-value. D is kept as a fraction: as D·n·m is a whole number, equality with a lattice point is exact.
/// </summary>
/// <remarks>
/// Source: N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Annals of Mathematical Statistics 19
/// (1948). Ties are handled as scipy's <c>ks_2samp</c> does: both functions step past equal values together, which leaves the p-value
/// conservative.
/// </remarks>
internal sealed class KolmogorovSmirnov
{
    /// <summary>Above this sample size the exact p-value gives way to the limit distribution, as in scipy's <c>method="auto"</c>.</summary>
    internal const int LargestExact = 10_000;

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

    /// <summary>Compares two samples of finite numbers, each at least one long, in any order.</summary>
    public static KolmogorovSmirnov Compare(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        ArgumentOutOfRangeException.ThrowIfZero(first.Count);
        ArgumentOutOfRangeException.ThrowIfZero(second.Count);
        double[] x = [.. first], y = [.. second];
        Array.Sort(x);
        Array.Sort(y);
        return new(LargestDifference(x, y), x.Length, y.Length);
    }

    /// <summary>P(D ≥ observed) when both samples come from one continuous distribution.</summary>
    public double PValue() => Math.Max(First, Second) <= LargestExact ? ExactPValue() : LimitPValue();

    private static long LargestDifference(double[] x, double[] y)
    {
        var largest = 0L;
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            var value = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] <= value) i++;
            while (j < y.Length && y[j] <= value) j++;
            largest = Math.Max(largest, Math.Abs(((long)i * y.Length) - ((long)j * x.Length)));
        }

        return largest;
    }

    /// <summary>
    /// Under the null hypothesis every interleaving of the samples is an equally likely lattice path from (0,0) to (n,m). The share of
    /// paths to (i,j) that have touched |i/n − j/m| ≥ D is the mean of the shares at the two predecessors, weighted by how many paths
    /// come from each: i and j out of i+j. Working with the share outside (not inside) keeps small p-values precise.
    /// Source: J. L. Hodges, "The significance probability of the Smirnov two-sample test", Arkiv för Matematik 3 (1958).
    /// </summary>
    internal double ExactPValue()
    {
        if (_scaled == 0) return 1;
        var outside = new double[Second + 1];
        for (var i = 0; i <= First; i++)
        {
            for (var j = 0; j <= Second; j++)
            {
                if (Math.Abs(((long)i * Second) - ((long)j * First)) >= _scaled) outside[j] = 1;
                else if (i + j == 0) outside[j] = 0;
                else outside[j] = ((i * outside[j]) + (j > 0 ? j * outside[j - 1] : 0)) / (i + j);
            }
        }

        return outside[Second];
    }

    /// <summary>
    /// Kolmogorov's limit at the effective size N = nm/(n+m), with the argument corrected for finite N after J. Vrbik, "Small-sample
    /// corrections to Kolmogorov–Smirnov test statistic" (2018): x + 1/(6√N) + (x − 1)/(4N).
    /// </summary>
    internal double LimitPValue()
    {
        var size = 1 / Scale;
        var x = Math.Sqrt(size) * D;
        return Kolmogorov.UpperTail(x + (1 / (6 * Math.Sqrt(size))) + ((x - 1) / (4 * size)));
    }
}
