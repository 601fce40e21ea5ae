using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.gates</c>: a list of mappings with one gate each.</summary>
internal static class GateSections
{
    private const string Field = "gates";
    private const double DefaultErrorRate = 0.001;
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(10);

    /// <param name="spec">The section that holds the list.</param>
    /// <param name="validation">What the gates send, and how much of it.</param>
    public static GatePolicy Read(PolicySection spec, ValidationSettings validation)
    {
        var gates = spec.Sections(
            Field,
            "Checks that green must pass before the switch, one per item, each at most once. Default: `health` and `errorRate`.",
            ReadGate, Default, new JsonArray(
                new JsonObject { ["health"] = new JsonObject() },
                new JsonObject { ["errorRate"] = new JsonObject { ["max"] = PolicyValues.WriteShare(DefaultErrorRate) } }));
        spec.Rule(gates.Count > 0, "At least one gate is needed: nothing is switched to unjudged.", Field);
        foreach (var twice in gates.GroupBy(gate => gate.Name).Where(group => group.Count() > 1))
            spec.Rule(false, $"The gate '{twice.Key}' is given {twice.Count()} times: give it once.", Field);
        spec.Rule(
            validation.Payloads is not null || validation.Captured || Find<DistributionGate>(gates) is null,
            "The gate 'distribution' compares answers to many different requests: name a file in validation.payloads or warmup.payloads.",
            Field, "validation", "warmup");
        return new GatePolicy
        {
            Health = Find<HealthGate>(gates),
            Latency = Find<LatencyGate>(gates),
            ErrorRate = Find<ErrorRateGate>(gates),
            Distribution = Find<DistributionGate>(gates),
            Payloads = validation.Payloads,
            Captured = validation.Captured,
            Load = validation.Load,
        };
    }

    private static IReadOnlyList<Gate> Default() =>
        [new Gate("health", new HealthGate()), new Gate("errorRate", new ErrorRateGate { Max = DefaultErrorRate })];

    private static TGate? Find<TGate>(IReadOnlyList<Gate> gates) where TGate : class =>
        gates.Select(gate => gate.Settings).OfType<TGate>().FirstOrDefault();

    private static Gate ReadGate(PolicySection item)
    {
        var given = new[]
        {
            Of("health", item.OptionalSection("health", "Every replica is live, ready and answers for its model.", _ => new HealthGate())),
            Of("latency", item.OptionalSection("latency", "Latency percentiles of green under the gates' own requests.", ReadLatency)),
            Of("errorRate", item.OptionalSection("errorRate", "Share of the gates' own requests that fail.", ReadErrorRate)),
            Of("distribution", item.OptionalSection(
                "distribution", "Distance between green's and blue's scores, as an effect against a margin.", ReadDistribution)),
        }.OfType<Gate>().ToList();
        item.NotYet("schema", "Shape and type of inputs and outputs.");
        item.NotYet("golden", "Recall on a golden data set.");
        item.ExactlyOne();
        return given.FirstOrDefault() ?? new Gate("health", new HealthGate());
    }

    private static Gate? Of(string name, object? settings) => settings is null ? null : new Gate(name, settings);

    private static LatencyGate ReadLatency(PolicySection latency)
    {
        var percentile = Duration(TimeSpan.FromMilliseconds(1), LongestLatency);
        var gate = new LatencyGate
        {
            P50 = latency.Optional("p50", percentile, "Largest median."),
            P95 = latency.Optional("p95", percentile, "Largest 95th percentile."),
            P99 = latency.Optional("p99", percentile, "Largest 99th percentile."),
            Requests = latency.Value("requests", Whole(10, 1_000_000), 500, "Requests to measure, over all replicas."),
        };
        latency.Rule(gate is not { P50: null, P95: null, P99: null }, "Give at least one of p50, p95 and p99.", "p99", "p50", "p95");
        latency.Rule(!(gate.P50 > gate.P95), "p50 must not be above p95.", "p50", "p95");
        latency.Rule(!(gate.P95 > gate.P99), "p95 must not be above p99.", "p95", "p99");
        latency.Rule(!(gate.P50 > gate.P99), "p50 must not be above p99.", "p50", "p99");
        return gate;
    }

    private static ErrorRateGate ReadErrorRate(PolicySection errorRate) => new()
    {
        Max = errorRate.Value("max", Share(), DefaultErrorRate, "Largest tolerated share."),
    };

    private static DistributionGate ReadDistribution(PolicySection distribution)
    {
        var samples = distribution.Value(
            "samples", Range(30, 1_000_000), new CountRange(1000, 5000), "Samples per side to begin with..after which an undecided gate is inconclusive.");
        return new DistributionGate
        {
            Statistic = distribution.Value(
                "statistic", OneOf(["ks"], "psi", "kl", "jensen-shannon", "wasserstein", "chi-square"), "ks",
                "`ks`: two-sample Kolmogorov–Smirnov D."),
            Margin = distribution.Value("margin", Number(0.001, 1), 0.15, "Largest harmless effect, in the statistic's own unit."),
            Confidence = distribution.Value(
                "confidence", Share(0.5, 0.9999), 0.95, "Confidence of the interval that is compared with the margin."),
            MinSamples = samples.Min,
            MaxSamples = samples.Max,
        };
    }

    /// <summary>One item of the list: its name in the policy and the contract's record.</summary>
    private sealed record Gate(string Name, object Settings);
}
