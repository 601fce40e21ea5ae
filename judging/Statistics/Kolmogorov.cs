using MathNet.Numerics.RootFinding;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// Kolmogorov's distribution, that of sup |B(t)| of a Brownian bridge. Source: A. Kolmogorov, "Sulla determinazione empirica di una
/// legge di distribuzione", Giornale dell'Istituto Italiano degli Attuari 4 (1933); the theta-function form for small arguments:
/// W. Feller, "On the Kolmogorov–Smirnov limit theorems for empirical distributions" (1948).
/// </summary>
public static class Kolmogorov
{
    /// <summary>P(sup |B| > x).</summary>
    public static double UpperTail(double x)
    {
        if (x <= 0) return 1;
        if (x < 1) return 1 - LowerSeries(x);
        var sum = 0.0;
        for (var k = 1; k <= 10; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * x * x);
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>The x with P(sup |B| > x) = <paramref name="tail"/>, for tails in [1e-12, 0.999].</summary>
    public static double UpperQuantile(double tail) => Brent.FindRoot(x => UpperTail(x) - tail, 0.2, 4, 1e-10);

    private static double LowerSeries(double x)
    {
        var sum = 0.0;
        for (var k = 1; k <= 10; k++)
        {
            var odd = (2 * k) - 1;
            sum += Math.Exp(-odd * odd * Math.PI * Math.PI / (8 * x * x));
        }

        return Math.Sqrt(2 * Math.PI) / x * sum;
    }
}
