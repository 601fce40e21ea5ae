using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.gates[].distribution</c>.</summary>
internal static partial class DistributionSection
{
    private static readonly Dictionary<string, BinRule> Rules = new(StringComparer.Ordinal)
    {
        ["quantile"] = BinRule.Quantile,
        ["width"] = BinRule.Width,
        ["sturges"] = BinRule.Sturges,
    };

    /// <summary>A JSON pointer (RFC 6901) to a member.</summary>
    public static PolicyType<string> Pointer { get; } = Text(PointerRegex(), "a JSON pointer such as /parameters/country", "/parameters/label");

    private static PolicyType<string> Output { get; } = Text(OutputRegex(), "an output's name", "request_id");

    public static DistributionGate Read(PolicySection distribution) =>
        ReadCalibration(distribution, ReadIgnored(distribution, ReadSlices(distribution, ReadStatistic(distribution))));

    /// <summary>The statistic and its settings: what applies to scores of which nothing else is known.</summary>
    public static DistributionGate ReadStatistic(PolicySection distribution)
    {
        var samples = distribution.Value(
            "samples", Range(30, 1_000_000), new CountRange(1000, 5000), "Samples per side to begin with..after which an undecided gate is inconclusive.");
        var statistic = distribution.Value(
            "statistic", OneOf([.. DistributionStatistic.All.Select(known => known.Name)]), DistributionStatistic.KolmogorovSmirnov,
            string.Join("; ", DistributionStatistic.All.Select(known => $"`{known.Name}`: {known.Description}")) + ".");
        var gate = new DistributionGate
        {
            Statistic = statistic,
            Margin = distribution.Value(
                "margin", Number(0.001, 1000), DistributionStatistic.Find(statistic)?.DefaultMargin ?? 0,
                "Largest harmless effect, in the statistic's own unit.",
                string.Join(", ", DistributionStatistic.All.Select(known => FormattableString.Invariant($"`{known.Name}` {known.DefaultMargin}")))),
            Confidence = distribution.Value(
                "confidence", Share(0.5, 0.9999), 0.95, "Confidence of the interval that is compared with the margin."),
            MinSamples = samples.Min,
            MaxSamples = samples.Max,
        };
        return ReadBins(distribution, gate);
    }

    /// <summary>Outputs that a gate leaves out.</summary>
    public static IReadOnlyList<string> Ignored(PolicySection gate) =>
        gate.TextList("ignore", Output, "Outputs that are not compared: identifiers, times, versions. Free text never is.");

    private static DistributionGate ReadIgnored(PolicySection distribution, DistributionGate gate) =>
        Ignored(distribution) is { Count: > 0 } ignored ? gate with { Ignore = ignored } : gate;

    private static DistributionGate ReadCalibration(PolicySection distribution, DistributionGate gate)
    {
        var calibration = distribution.OptionalSection(
            "calibrate", "Fit the margin on blue against itself, and on blue against retrains of it.", section => new MarginCalibration
            {
                Retrains = [.. section.Sections(
                    "retrains", "Retrains that are as good as blue. Without them the margin is not fitted below `margin`.",
                    retrain => retrain.File("file", "Its scores, CSV: a column per output, under its name, or one column without a header."), () => [], new JsonArray())
                    .OfType<BlobReference>()],
                Splits = section.Value("splits", Whole(20, 1000), 50, "Random splits of blue's answers into halves."),
                Quantile = section.Value("quantile", Share(0.5, 1), 0.95, "Share of the splits that the margin lets pass."),
                MaxMargin = section.Value(
                    "maxMargin", Number(0.001, 1000), 2 * gate.Margin, "Largest margin that may come of it, in the statistic's own unit.", "2 × `margin`"),
            });
        distribution.Rule(
            calibration is null || calibration.MaxMargin >= gate.Margin || calibration.Retrains.Count > 0,
            "maxMargin is below margin, and without retrains the fitted margin is not.", "calibrate", "margin");
        return calibration is null ? gate : gate with { Calibration = calibration };
    }

    private static DistributionGate ReadBins(PolicySection distribution, DistributionGate gate) => gate with
    {
        Bins = distribution.Value("bins", Whole(2, 1000), 10, "How many bins, for the statistics over bins."),
        BinRule = Rules.GetValueOrDefault(distribution.Value(
            "binRule", OneOf([.. Rules.Keys]), "quantile",
            "Bins hold equally many of blue's scores (`quantile`), are equally wide (`width`), or that and as many as Sturges says (`sturges`).")),
        Epsilon = distribution.Value(
            "epsilon", Number(1e-12, 0.1), 0.0001, "What a share of 0 counts as where its logarithm is taken."),
        LogBase = distribution.Value("logBase", OneOf(["e", "2"]), "e", "Base of the logarithms of `kl` and `jensen-shannon`: nats or bits.") == "2"
            ? 2
            : Math.E,
    };

    private static DistributionGate ReadSlices(PolicySection distribution, DistributionGate gate)
    {
        var slices = distribution.OptionalSection(
            "slices", "Also compare every slice of the requests on its own; the confidence holds for all of them together.",
            section => new Slices(
                section.Required("by", Pointer, "JSON pointer into a request to the value that names its slice."),
                section.Value("minSamples", Whole(100, 1_000_000), 200, "Slices with fewer requests per side are judged together, as one.")));
        return slices is null ? gate : gate with { SliceBy = slices.By, MinSliceSamples = slices.MinSamples };
    }

    private sealed record Slices(string By, int MinSamples);

    [GeneratedRegex("^[^\\x00-\\x1f]{1,200}$", RegexOptions.ECMAScript)]
    private static partial Regex OutputRegex();

    [GeneratedRegex("^(/[^/]+)+$", RegexOptions.ECMAScript)]
    private static partial Regex PointerRegex();
}
