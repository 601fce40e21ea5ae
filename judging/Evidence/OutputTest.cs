using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;

namespace BlueGreen.Judging.Evidence;

/// <summary>One output of both colours against each other, numbers or labels.</summary>
internal static class OutputTest
{
    /// <summary>
    /// The gate as it applies to the output: labels have no order, so that a gate whose statistic needs one compares them by the Jensen–Shannon
    /// distance, at that statistic's default margin.
    /// </summary>
    public static DistributionGate For(DistributionGate gate, SideScores blue)
    {
        if (blue.Scores.Count > 0 || blue.Labels.Count == 0 || BinnedEffect.Knows(gate.Statistic)) return gate;
        var margin = DistributionStatistic.Find(DistributionStatistic.JensenShannon)!.DefaultMargin;
        return gate with
        {
            Statistic = DistributionStatistic.JensenShannon,
            Margin = margin,
            Calibration = gate.Calibration is { } calibration ? calibration with { MaxMargin = 2 * margin } : null,
        };
    }

    /// <param name="gate">As it applies to the output.</param>
    /// <param name="blue">Blue's answers.</param>
    /// <param name="green">Green's.</param>
    /// <param name="confidence">Of this very comparison.</param>
    public static GateResult Judge(DistributionGate gate, SideScores blue, SideScores green, double confidence) =>
        blue.Scores.Count == 0 && blue.Labels.Count > 0
            ? DistributionTest.Judge(gate, blue.Labels, green.Labels, confidence)
            : DistributionTest.Judge(gate, blue.Sorted(), green.Sorted(), confidence);
}
