using MathNet.Numerics;

namespace BlueGreen.Judging.Statistics;

/// <summary>
/// What a running mean of observations in [0, 1] says of the true one, at every moment at once: the interval may be looked at after each
/// observation, and the watch ended whenever one likes, and still it misses the true mean, ever, with probability alpha at most.
/// </summary>
/// <remarks>
/// The beta-binomial mixture with Jeffreys' weights, M(p) = B(s + ½, n − s + ½) / (B(½, ½) pˢ (1 − p)ⁿ⁻ˢ), is a martingale that begins at 1
/// if observations are 0 or 1 with mean p, whatever came before (H. Robbins, "Statistical methods related to the law of the iterated logarithm",
/// Annals of Mathematical Statistics 41, 1970; the mixture sequential test of R. Johari, P. Koomen, L. Pekelis and D. Walsh, "Always valid
/// inference", Operations Research 70, 2022), and a supermartingale for other values in [0, 1], because each of the ratios that it mixes is
/// an exponential of the observation, which is convex (S. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, "Time-uniform, nonparametric,
/// nonasymptotic confidence sequences", Annals of Statistics 49, 2021). By Ville's inequality it ever reaches 1/alpha with probability
/// alpha at most: the means at which it has not are the interval.
/// </remarks>
/// <param name="Sum">Of the observations, in [0, <paramref name="Count"/>].</param>
/// <param name="Count">How many they are.</param>
public readonly record struct ConfidenceSequence(double Sum, double Count)
{
    private const double Weight = 0.5;
    private const int Halvings = 60;

    /// <summary>NaN without observations.</summary>
    public double Mean => Count == 0 ? double.NaN : Sum / Count;

    /// <summary>ln M(p): how much the observations speak against a true mean.</summary>
    /// <param name="mean">In [0, 1].</param>
    public double LogEvidence(double mean) => LogMixture() - LogLikelihood(mean);

    /// <summary>The smallest mean that is not ruled out.</summary>
    public double LowerBound(double alpha) => Sum <= 0 ? 0 : Edge(0, Mean, alpha);

    /// <summary>The largest mean that is not ruled out.</summary>
    public double UpperBound(double alpha) => Sum >= Count ? 1 : Edge(1, Mean, alpha);

    /// <summary>The evidence is convex in the mean and least at the one seen: between that and the outer end it crosses the limit once.</summary>
    private double Edge(double outer, double inner, double alpha)
    {
        var least = LogMixture() + Math.Log(alpha);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (outer + inner) / 2;
            if (LogLikelihood(middle) > least) inner = middle;
            else outer = middle;
        }

        // The outer one: an edge that errs, errs on the side of doubt.
        return outer;
    }

    private double LogMixture() =>
        SpecialFunctions.BetaLn(Sum + Weight, Count - Sum + Weight) - SpecialFunctions.BetaLn(Weight, Weight);

    private double LogLikelihood(double mean) => Times(Sum, mean) + Times(Count - Sum, 1 - mean);

    private static double Times(double count, double share) => count == 0 ? 0 : count * Math.Log(share);
}
