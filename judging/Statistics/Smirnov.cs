using MathNet.Numerics;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// The distribution of the one-sided one-sample statistic D⁺. Source: N. Smirnov (1944), Z. W. Birnbaum and F. H. Tingey, "One-sided
/// confidence contours for probability distribution functions", Annals of Mathematical Statistics 22 (1951).
/// </summary>
internal static class Smirnov
{
    /// <summary>Sample size above which the limit with its first correction is as good as the sum (S. Maag and G. Dicaire, 1971).</summary>
    private const int LargestSum = 1_000_000;

    /// <summary>P(D⁺ ≥ d) = d Σ C(n,j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j) over j ≤ n(1−d): all terms are positive.</summary>
    public static double UpperTail(int n, double d)
    {
        if (d >= 1) return 0;
        if (n > LargestSum)
        {
            var scaled = (6 * n * d) + 1;
            return Math.Exp(-scaled * scaled / (18.0 * n));
        }

        var sum = Math.Exp(n * SpecialFunctions.Log1p(-d));
        var whole = Stirling.Error(n);
        var shift = n * d;
        for (var j = 1; j < n; j++)
        {
            var rest = n - j;
            if (rest - shift <= 0) break;
            // The binomial probability of j at p = d + j/n, weighted by d/p.
            var exponent = whole - Stirling.Error(j) - Stirling.Error(rest)
                - Stirling.Deviance(j, j + shift) - Stirling.Deviance(rest, rest - shift);
            if (exponent < -745) continue;
            sum += shift / (j + shift) * Math.Sqrt(n / (2 * Math.PI * j * rest)) * Math.Exp(exponent);
        }

        return sum;
    }
}
