using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// A share of events among independent trials with its exact (Clopper–Pearson) limits. Source: C. Clopper and E. Pearson, "The use of
/// confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26 (1934).
/// </summary>
/// <param name="Events">Events seen, in [0, <paramref name="Trials"/>].</param>
/// <param name="Trials">Trials made.</param>
public readonly record struct BinomialShare(long Events, long Trials)
{
    /// <summary>Events per trial; NaN without trials.</summary>
    public double Share => Trials == 0 ? double.NaN : (double)Events / Trials;

    /// <summary>The smallest true share under which this many events or more have probability <paramref name="tail"/>.</summary>
    public double LowerBound(double tail) => Events == 0 ? 0 : Beta.InvCDF(Events, Trials - Events + 1, tail);

    /// <summary>The largest true share under which this few events or fewer have probability <paramref name="tail"/>.</summary>
    public double UpperBound(double tail) => Events == Trials ? 1 : Beta.InvCDF(Events + 1, Trials - Events, 1 - tail);

    /// <summary>
    /// P(this many events or more | true share): the p-value of "the true share is at most this". Below a tail t exactly when
    /// <see cref="LowerBound"/>(t) is above the share, without the root search.
    /// </summary>
    public double AtLeast(double trueShare) => Events == 0 || trueShare >= 1 ? 1
        : trueShare <= 0 ? 0
        : SpecialFunctions.BetaRegularized(Events, Trials - Events + 1, trueShare);

    /// <summary>P(this few events or fewer | true share): the p-value of "the true share is at least this".</summary>
    public double AtMost(double trueShare) => Events == Trials || trueShare <= 0 ? 1
        : trueShare >= 1 ? 0
        : SpecialFunctions.BetaRegularized(Trials - Events, Events + 1, 1 - trueShare);
}
