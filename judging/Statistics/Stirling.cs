using MathNet.Numerics;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// Binomial probabilities to full precision. The logarithms of large factorials cancel; the parts left after Stirling's formula do not.
/// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
/// </summary>
internal static class Stirling
{
    private const int Tabulated = 16;

    private static readonly double[] Table = [.. Enumerable.Range(0, Tabulated).Select(n => n == 0
        ? 0
        : SpecialFunctions.FactorialLn(n) - ((n + 0.5) * Math.Log(n)) + n - (0.5 * Math.Log(2 * Math.PI)))];

    /// <summary>ln n! − ln(√(2πn) (n/e)ⁿ).</summary>
    public static double Error(long n)
    {
        if (n < Tabulated) return Table[n];
        var square = 1.0 / ((double)n * n);
        return ((1 / 12.0) - (((1 / 360.0) - (((1 / 1260.0) - (((1 / 1680.0) - (square / 1188.0)) * square)) * square)) * square)) / n;
    }

    /// <summary>x ln(x/m) + m − x, without the cancellation of x ≈ m.</summary>
    public static double Deviance(double x, double m)
    {
        if (Math.Abs(x - m) >= 0.1 * (x + m)) return (x * Math.Log(x / m)) + m - x;
        var v = (x - m) / (x + m);
        var sum = (x - m) * v;
        var term = 2 * x * v;
        for (var j = 1; ; j++)
        {
            term *= v * v;
            var next = sum + (term / ((2 * j) + 1));
            if (next == sum) return sum;
            sum = next;
        }
    }
}
