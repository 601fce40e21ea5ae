using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Statistics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace BlueGreen.Bench.Gates;

/// <summary>
/// The effect of moving a standard normal score by δ, of the distributions themselves: what samples estimate. Binned statistics have the
/// baseline's deciles as edges.
/// </summary>
internal static class TrueEffect
{
    /// <summary>The shift whose effect is the one wanted.</summary>
    public static double Shift(DistributionGate gate, double effect) => Brent.FindRoot(shift => Of(gate, shift) - effect, 1e-6, 6, 1e-9);

    private static double Of(DistributionGate gate, double shift) => gate.Statistic switch
    {
        DistributionStatistic.KolmogorovSmirnov => (2 * Normal.CDF(0, 1, shift / 2)) - 1,
        DistributionStatistic.MannWhitney => Normal.CDF(0, 1, shift / Math.Sqrt(2)) - 0.5,
        DistributionStatistic.Wasserstein => shift,
        DistributionStatistic.Psi => Divergence.Psi(Shares(gate, 0), Shares(gate, shift), gate.Epsilon),
        DistributionStatistic.KullbackLeibler => Divergence.KullbackLeibler(Shares(gate, 0), Shares(gate, shift), gate.Epsilon, gate.LogBase),
        DistributionStatistic.JensenShannon => Divergence.JensenShannon(Shares(gate, 0), Shares(gate, shift), gate.LogBase),
        _ => Divergence.ChiSquare(Shares(gate, 0), Shares(gate, shift)).Effect,
    };

    private static double[] Shares(DistributionGate gate, double shift)
    {
        double Below(int i) => i == 0 ? 0 : i == gate.Bins ? 1 : Normal.CDF(shift, 1, Normal.InvCDF(0, 1, (double)i / gate.Bins));
        return [.. Enumerable.Range(0, gate.Bins).Select(i => Below(i + 1) - Below(i))];
    }
}
