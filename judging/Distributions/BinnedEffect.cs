using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Distributions;

/// <summary>
/// Effects over bins: PSI, KL, Jensen–Shannon and Cramér's V. The interval is the basic (reflected) parametric bootstrap: counts are drawn
/// again from the shares as seen, and how far their effect lies from the sample's is taken for how far the sample's lies from the truth.
/// That takes off the bias that bins × samples bring. Where the statistic is a root (Jensen–Shannon, V) it is done on the square, which is
/// smooth at 0. A sample that is too close by luck also scatters too little there, which makes the upper end too small; on the root the scatter
/// hardly depends on the effect, so the upper end is the larger of the two scales'. Source: A. Davison and D. Hinkley, "Bootstrap methods and
/// their application" (1997), 5.2.
/// </summary>
internal static class BinnedEffect
{
    private const int Draws = 1000;
    private const int MostDraws = 50_000;
    private const double DrawsPerTail = 10;

    /// <summary>The statistics that are over bins.</summary>
    public static IReadOnlyList<string> Statistics { get; } =
        [DistributionStatistic.ChiSquare, DistributionStatistic.Psi, DistributionStatistic.KullbackLeibler, DistributionStatistic.JensenShannon];

    public static bool Knows(string statistic) => Statistics.Contains(statistic);

    public static Effect Measure(DistributionGate gate, SortedSample baseline, SortedSample candidate, double confidence)
    {
        var bins = Bins.By(gate.BinRule, gate.Bins, baseline, candidate);
        double[] first = [.. bins.CountsOf(baseline)], second = [.. bins.CountsOf(candidate)];
        return Measure(gate, first, second, confidence);
    }

    /// <summary>Of counts over the same bins or labels.</summary>
    public static Effect Measure(DistributionGate gate, double[] baseline, double[] candidate, double confidence)
    {
        var isRoot = gate.Statistic is DistributionStatistic.JensenShannon or DistributionStatistic.ChiSquare;
        var value = Value(gate, baseline, candidate);
        var smooth = isRoot ? value * value : value;
        var tail = (1 - confidence) / 2;
        var redrawn = Redraw(gate, baseline, candidate, isRoot, DrawsFor(tail));
        var low = Math.Max(0, (2 * smooth) - redrawn.Quantile(1 - tail));
        var high = Math.Max(smooth, Math.Max((2 * smooth) - redrawn.Quantile(tail), HighOnRoot(smooth, redrawn, tail)));
        var pValue = gate.Statistic == DistributionStatistic.ChiSquare ? Divergence.ChiSquare(baseline, candidate).PValue() : (double?)null;
        return isRoot ? new(value, Math.Sqrt(low), Math.Sqrt(high), pValue) : new(value, low, high, pValue);
    }

    private static double HighOnRoot(double effect, SortedSample redrawn, double tail)
    {
        var bias = redrawn.Values.ToArray().Average() - effect;
        var below = redrawn.Values.ToArray().Average(Math.Sqrt) - Math.Sqrt(redrawn.Quantile(tail));
        var root = Math.Sqrt(Math.Max(0, effect - bias)) + below;
        return root * root;
    }

    /// <summary>A quantile further out than one in some hundreds needs more of them.</summary>
    private static int DrawsFor(double tail) => tail * Draws >= 2 ? Draws : (int)Math.Min(MostDraws, DrawsPerTail / tail);

    private static SortedSample Redraw(DistributionGate gate, double[] baseline, double[] candidate, bool isRoot, int draws)
    {
        var random = new Random(Draws);
        var effects = new double[draws];
        double[] first = new double[baseline.Length], second = new double[candidate.Length];
        for (var i = 0; i < draws; i++)
        {
            BinomialDraws.Redistribute(random, baseline, first);
            BinomialDraws.Redistribute(random, candidate, second);
            var value = Value(gate, first, second);
            effects[i] = isRoot ? value * value : value;
        }

        return SortedSample.Of(effects);
    }

    private static double Value(DistributionGate gate, double[] baseline, double[] candidate) => gate.Statistic switch
    {
        DistributionStatistic.Psi => Divergence.Psi(baseline, candidate, gate.Epsilon),
        DistributionStatistic.KullbackLeibler => Divergence.KullbackLeibler(baseline, candidate, gate.Epsilon, gate.LogBase),
        DistributionStatistic.JensenShannon => Divergence.JensenShannon(baseline, candidate, gate.LogBase),
        _ => Divergence.ChiSquare(baseline, candidate).Effect,
    };
}
