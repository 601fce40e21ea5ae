using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// The distribution of the two-sided one-sample Kolmogorov–Smirnov statistic for a sample of n, which the two-sample p-value of large
/// samples rests on. Which method serves which region is after R. Simard and P. L'Ecuyer, "Computing the two-sided Kolmogorov–Smirnov
/// distribution", Journal of Statistical Software 39 (2011), as in scipy's <c>kstwo</c>.
/// </summary>
internal static class OneSampleKolmogorov
{
    private const int Small = 140;

    /// <summary>P(D ≥ d).</summary>
    public static double UpperTail(int n, double d)
    {
        var t = n * d;
        if (d >= 1 || n <= 0) return 0;
        if (t <= 0.5) return 1;
        if (t <= 1) return 1 - Math.Exp(SpecialFunctions.FactorialLn(n) - (n * Math.Log(n)) + (n * Math.Log((2 * t) - 1)));
        if (t >= n - 1) return Math.Min(1, 2 * Math.Pow(1 - d, n));
        var square = t * d;
        if (square >= 370 && n > Small) return 0;
        if (d >= 0.5 || square > (n <= Small ? 4 : 2.2)) return Math.Clamp(2 * Smirnov.UpperTail(n, d), 0, 1);
        var exact = n <= Small || (n <= 100_000 && n * Math.Pow(d, 1.5) <= 1.4);
        return Math.Clamp(1 - (exact ? Exact(n, d) : PelzGood(n, d)), 0, 1);
    }

    /// <summary>
    /// P(D &lt; d) as the middle element of the n-th power of a matrix, times n!/nⁿ. Source: G. Marsaglia, W. W. Tsang and J. Wang,
    /// "Evaluating Kolmogorov's distribution", Journal of Statistical Software 8 (2003), after J. Durbin (1968).
    /// </summary>
    private static double Exact(int n, double d)
    {
        var k = (int)(n * d) + 1;
        var h = k - (n * d);
        var size = (2 * k) - 1;
        var (power, exponent) = Power(Steps(size, h), n);
        return power[k - 1, k - 1] == 0
            ? 0
            : Math.Exp(Math.Log(power[k - 1, k - 1]) + (exponent * Constants.Ln2) + FactorialOverPower(n));
    }

    private static Matrix<double> Steps(int size, double h)
    {
        var steps = Matrix<double>.Build.Dense(size, size, (i, j) => i - j + 1 < 0 ? 0 : 1);
        for (var i = 0; i < size; i++)
        {
            steps[i, 0] -= Math.Pow(h, i + 1);
            steps[size - 1, i] -= Math.Pow(h, size - i);
        }

        if (2 * h > 1) steps[size - 1, 0] += Math.Pow((2 * h) - 1, size);
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                steps[i, j] *= Math.Exp(-SpecialFunctions.FactorialLn(i - j + 1));
        return steps;
    }

    /// <returns>The power divided by 2^Exponent: the elements themselves would overflow.</returns>
    private static (Matrix<double> Matrix, int Exponent) Power(Matrix<double> matrix, int n)
    {
        if (n == 1) return (matrix, 0);
        var (half, exponent) = Power(matrix, n / 2);
        var result = half * half;
        exponent *= 2;
        if (n % 2 == 1) result *= matrix;
        var largest = result.Enumerate().Max();
        if (largest is 0 or (> 1e-100 and < 1e100)) return (result, exponent);
        var scale = Math.ILogB(largest);
        return (result * Math.ScaleB(1, -scale), exponent + scale);
    }

    /// <summary>ln(n!/nⁿ) by Stirling's formula, without the cancellation of two large logarithms.</summary>
    private static double FactorialOverPower(int n) => (0.5 * Math.Log(2 * Math.PI * n)) - n + Stirling.Error(n);

    /// <summary>
    /// P(D &lt; d) by Kolmogorov's limit with three corrections in powers of 1/√n. Source: W. Pelz and I. J. Good, "Approximating the lower
    /// tail-areas of the Kolmogorov–Smirnov one-sample statistic", JRSS B 38 (1976).
    /// </summary>
    private static double PelzGood(int n, double d)
    {
        var z = Math.Sqrt(n) * d;
        double z2 = z * z, z4 = z2 * z2, z6 = z4 * z2;
        const double P2 = Math.PI * Math.PI, P4 = P2 * P2, P6 = P4 * P2;
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, k2Whole = 0, k3Whole = 0;
        for (var k = 0; k < 20; k++)
        {
            var half = (k + 0.5) * (k + 0.5);
            var weight = 2 * Math.Exp(-P2 * half / (2 * z2));
            k0 += weight;
            k1 += ((P2 * half) - z2) * weight;
            k2 += ((6 * z6) + (2 * z4) + (P2 * ((2 * z4) - (5 * z2)) * half) + (P4 * (1 - (2 * z2)) * half * half)) * weight;
            k3 += ((P6 * half * half * half * (5 - (30 * z2))) + (P4 * half * half * ((-60 * z2) + (212 * z4)))
                + (P2 * half * ((135 * z4) - (96 * z6))) - (30 * z6) - (90 * z4 * z4)) * weight;
            double whole = (double)k * k, wholeWeight = 2 * Math.Exp(-P2 * whole / (2 * z2));
            k2Whole += P2 * whole * wholeWeight;
            k3Whole += ((-P4 * whole * whole) + (3 * P2 * whole * z2)) * wholeWeight;
        }

        var root = Math.Sqrt(Math.PI / 2);
        k0 *= root / z;
        k1 *= root / (6 * z4);
        k2 = (root * k2 / (72 * z6 * z)) - (root * k2Whole / (36 * z2 * z));
        k3 = (root * k3 / (6480 * z6 * z4)) + (root * k3Whole / (216 * z6));
        return k0 + (k1 / Math.Sqrt(n)) + (k2 / n) + (k3 / (n * Math.Sqrt(n)));
    }
}
