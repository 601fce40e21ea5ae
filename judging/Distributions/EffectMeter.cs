using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Judging.Distributions;

/// <summary>
/// Measures an effect with a confidence interval. A sample's distance is biased upwards (that of two samples from one distribution is never
/// 0), so each interval says where it comes from; the same samples always give the same interval.
/// </summary>
public static class EffectMeter
{
    /// <param name="gate">Statistic and its settings.</param>
    /// <param name="baseline">Blue's scores, at least one.</param>
    /// <param name="candidate">Green's scores, at least one.</param>
    /// <param name="confidence">Two-sided, in (0, 1).</param>
    /// <exception cref="ArgumentException">No such statistic.</exception>
    public static Effect Measure(DistributionGate gate, SortedSample baseline, SortedSample candidate, double confidence) => gate.Statistic switch
    {
        DistributionStatistic.KolmogorovSmirnov => Distance(KolmogorovSmirnov.Compare(baseline, candidate), confidence),
        DistributionStatistic.MannWhitney => Superiority(MannWhitney.Compare(baseline, candidate), confidence),
        DistributionStatistic.Wasserstein => TransportDistance.Measure(baseline, candidate, confidence),
        DistributionStatistic.Psi or DistributionStatistic.KullbackLeibler or DistributionStatistic.JensenShannon or DistributionStatistic.ChiSquare
            => BinnedEffect.Measure(gate, baseline, candidate, confidence),
        _ => throw new ArgumentException($"'{gate.Statistic}' is not a statistic.", nameof(gate)),
    };

    private static Effect Distance(KolmogorovSmirnov distance, double confidence)
    {
        var interval = DistanceInterval.Of(distance, confidence);
        return new(distance.D, interval.Low, interval.High, distance.PValue());
    }

    /// <summary>The superiority's normal interval (its standard error from placements), folded at ½.</summary>
    private static Effect Superiority(MannWhitney comparison, double confidence)
    {
        var value = Math.Abs(comparison.Superiority - 0.5);
        var reach = comparison.StandardError * Normal.InvCDF(0, 1, (1 + confidence) / 2);
        return new(value, Math.Max(0, value - reach), Math.Min(0.5, value + reach), comparison.PValue());
    }
}
