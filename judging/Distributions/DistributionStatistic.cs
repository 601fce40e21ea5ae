namespace BlueGreen.Judging.Distributions;

/// <summary>A way to say how far two distributions are apart, as policies name it.</summary>
/// <param name="Name">E.g. <c>ks</c>.</param>
/// <param name="Unit">Unit of the effect.</param>
/// <param name="DefaultMargin">
/// Largest harmless effect unless the owner says otherwise: for all statistics about what moving a normal score by 0.3 to 0.4 of its
/// standard deviation does.
/// </param>
/// <param name="Description">For people.</param>
public sealed record DistributionStatistic(string Name, string Unit, double DefaultMargin, string Description)
{
    public const string KolmogorovSmirnov = "ks";
    public const string Psi = "psi";
    public const string KullbackLeibler = "kl";
    public const string JensenShannon = "jensen-shannon";
    public const string Wasserstein = "wasserstein";
    public const string ChiSquare = "chi-square";
    public const string MannWhitney = "mann-whitney";

    /// <summary>Every statistic, the default first.</summary>
    public static IReadOnlyList<DistributionStatistic> All { get; } =
    [
        new(KolmogorovSmirnov, "D", 0.15, "two-sample Kolmogorov–Smirnov D"),
        new(Psi, "PSI", 0.2, "population stability index over bins"),
        new(KullbackLeibler, "KL", 0.1, "Kullback–Leibler divergence of green from blue over bins, in units of logBase"),
        new(JensenShannon, "JS", 0.15, "Jensen–Shannon distance over bins, in units of logBase"),
        new(Wasserstein, "sd", 0.3, "first Wasserstein distance in standard deviations of blue's scores"),
        new(ChiSquare, "V", 0.2, "Cramér's V of the χ² over bins"),
        new(MannWhitney, "AUC", 0.1, "|P(blue's score above green's) − ½|, from Mann–Whitney's U"),
    ];

    /// <returns>Null when no such statistic is known.</returns>
    public static DistributionStatistic? Find(string name) => All.FirstOrDefault(statistic => statistic.Name == name);
}
