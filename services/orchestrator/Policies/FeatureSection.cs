using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.gates[].features</c>.</summary>
internal static partial class FeatureSection
{
    private static readonly PolicyType<string> Name = Text(NameRegex(), "a feature's name", "amount");

    public static FeatureGate Read(PolicySection features)
    {
        var statistic = features.Value(
            "statistic", OneOf([.. DistributionStatistic.All.Select(known => known.Name)]), DistributionStatistic.KolmogorovSmirnov,
            "How drift of a numeric feature is told; texts are compared by `jensen-shannon`.");
        return new()
        {
            Reference = features.File("file", "Requests like those that green was trained or tested on, one per line. Without it drift is not judged."),
            Required = [.. features.TextList("required", Name, "Features that every live request must carry, beside the inputs that green declares.")],
            Ignore = [.. features.TextList("ignore", Name, "Features whose nulls and drift are not judged: identifiers, and what is redacted.")],
            MaxNullRate = features.Value("maxNullRate", Share(), 0.05, "Largest harmless share of nulls of any feature."),
            Statistic = statistic,
            Margin = features.Value(
                "margin", Number(0.001, 1000), DistributionStatistic.Find(statistic)?.DefaultMargin ?? 0,
                "Largest harmless drift of any feature, in the statistic's own unit.",
                string.Join(", ", DistributionStatistic.All.Select(known => FormattableString.Invariant($"`{known.Name}` {known.DefaultMargin}")))),
            Confidence = features.Value("confidence", Share(0.5, 0.9999), 0.95, "Confidence of all features' intervals together."),
            Requests = features.Value("requests", Whole(100, 10_000), 2000, "Live requests to look at, the newest that are captured."),
        };
    }

    [GeneratedRegex("^[^\\x00-\\x1f]{1,200}$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();
}
