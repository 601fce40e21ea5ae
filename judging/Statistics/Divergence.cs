using MathNet.Numerics;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// Divergences between two discrete distributions, given as counts or shares over the same bins or labels. Each first scales both sides to
/// a sum of 1.
/// </summary>
public static class Divergence
{
    /// <summary>
    /// Population stability index, Σ (q − p) ln(q/p), p the baseline's share. A share of 0 counts as <paramref name="epsilon"/>, without
    /// scaling the others down. Natural logarithm by definition.
    /// </summary>
    public static double Psi(ReadOnlySpan<double> baseline, ReadOnlySpan<double> candidate, double epsilon)
    {
        double[] p = Shares(baseline, epsilon), q = Shares(candidate, epsilon);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++) sum += (q[i] - p[i]) * Math.Log(q[i] / p[i]);
        return sum;
    }

    /// <summary>
    /// Kullback–Leibler divergence of the candidate from the baseline, Σ q log(q/p). A baseline share of 0 counts as
    /// <paramref name="epsilon"/>; a candidate's share of 0 adds nothing. After that both sides are scaled to 1 again, as scipy's
    /// <c>entropy(q, p)</c> does, so the result is never below 0.
    /// </summary>
    public static double KullbackLeibler(ReadOnlySpan<double> baseline, ReadOnlySpan<double> candidate, double epsilon, double logBase = Math.E)
    {
        double[] p = Shares(Shares(baseline, epsilon), 0), q = Shares(candidate, 0);
        return Relative(q, p) / Math.Log(logBase);
    }

    /// <summary>
    /// Jensen–Shannon distance, the square root of the divergence ½ KL(p‖m) + ½ KL(q‖m) with m the mean of both: a metric, in [0, √log 2].
    /// Source: D. Endres and J. Schindelin, IEEE Transactions on Information Theory 49 (2003). Needs no epsilon.
    /// </summary>
    public static double JensenShannon(ReadOnlySpan<double> baseline, ReadOnlySpan<double> candidate, double logBase = Math.E)
    {
        double[] p = Shares(baseline, 0), q = Shares(candidate, 0);
        var middle = new double[p.Length];
        for (var i = 0; i < p.Length; i++) middle[i] = (p[i] + q[i]) / 2;
        return Math.Sqrt((Relative(p, middle) + Relative(q, middle)) / 2 / Math.Log(logBase));
    }

    /// <summary>Pearson's χ² of a 2 × k table of counts, as scipy's <c>chi2_contingency</c> (with Yates's correction for k = 2).</summary>
    public static ChiSquare ChiSquare(ReadOnlySpan<double> baseline, ReadOnlySpan<double> candidate) =>
        Statistics.ChiSquare.OfTable(baseline, candidate);

    private static double[] Shares(ReadOnlySpan<double> counts, double epsilon)
    {
        var total = 0.0;
        foreach (var count in counts) total += count;
        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = counts[i] / total;
            if (shares[i] == 0) shares[i] = epsilon;
        }

        return shares;
    }

    /// <summary>Σ q ln(q/p) as Σ q ln(q/p) + p − q, whose terms are all positive: nothing cancels between two sums of 1.</summary>
    private static double Relative(double[] q, double[] p)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++) sum += q[i] > 0 ? Stirling.Deviance(q[i], p[i]) : p[i];
        return sum;
    }
}

/// <summary>A χ² statistic.</summary>
/// <param name="Statistic">With Yates's correction when there is one degree of freedom.</param>
/// <param name="Freedom">Degrees of freedom.</param>
/// <param name="Observations">The sum of the table.</param>
/// <param name="Uncorrected">Without that correction: what effect sizes are made of.</param>
public sealed record ChiSquare(double Statistic, int Freedom, double Observations, double Uncorrected)
{
    /// <summary>P(a statistic as large or larger) under independence; 1 without a degree of freedom.</summary>
    public double PValue() => Freedom == 0 ? 1 : SpecialFunctions.GammaUpperRegularized(Freedom / 2.0, Statistic / 2);

    /// <summary>Cramér's V, √(χ²/N) for two rows: 0 when both rows are alike, 1 when they share nothing.</summary>
    public double Effect => Math.Sqrt(Uncorrected / Observations);

    /// <summary>Of a 2 × k table of counts; columns that are empty on both sides are left out.</summary>
    public static ChiSquare OfTable(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double rowFirst = 0, rowSecond = 0;
        var columns = 0;
        for (var i = 0; i < first.Length; i++)
        {
            rowFirst += first[i];
            rowSecond += second[i];
            columns += first[i] + second[i] > 0 ? 1 : 0;
        }

        double total = rowFirst + rowSecond, corrected = 0, plain = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var column = first[i] + second[i];
            if (column == 0) continue;
            Add(first[i], column * rowFirst / total, columns, ref corrected, ref plain);
            Add(second[i], column * rowSecond / total, columns, ref corrected, ref plain);
        }

        return new(corrected, Math.Max(0, columns - 1), total, plain);
    }

    /// <summary>Of counts against expected counts; null: equal ones.</summary>
    public static ChiSquare OfFit(ReadOnlySpan<double> observed, ReadOnlySpan<double> expected)
    {
        var total = 0.0;
        foreach (var count in observed) total += count;
        var sum = 0.0;
        for (var i = 0; i < observed.Length; i++)
        {
            var share = expected.IsEmpty ? total / observed.Length : expected[i];
            sum += (observed[i] - share) * (observed[i] - share) / share;
        }

        return new(sum, observed.Length - 1, total, sum);
    }

    private static void Add(double observed, double expected, int columns, ref double corrected, ref double plain)
    {
        var distance = Math.Abs(observed - expected);
        var moved = columns == 2 ? distance - Math.Min(0.5, distance) : distance;
        corrected += moved * moved / expected;
        plain += distance * distance / expected;
    }
}
