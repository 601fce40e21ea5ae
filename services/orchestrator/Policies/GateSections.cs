using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.gates</c>: a list of mappings with one gate each.</summary>
internal static partial class GateSections
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
            Schema = Find<SchemaGate>(gates),
            Golden = Find<GoldenGate>(gates),
            Paired = Find<PairedGate>(gates),
            Features = Find<FeatureGate>(gates),
            Compatibility = Find<CompatibilityGate>(gates),
            External = gates.Select(gate => gate.Settings).OfType<ExternalGate>().ToArray() is { Length: > 0 } external ? external : null,
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
                "distribution", "Distance between green's and blue's scores, as an effect against a margin.", DistributionSection.Read)),
            Of("schema", item.OptionalSection(
                "schema", "Green's declared inputs and outputs fit the requests and, where there is one, blue's.", _ => new SchemaGate())),
            Of("paired", item.OptionalSection("paired", "Green's and blue's answers to the same requests.", ReadPaired)),
            Of("features", item.OptionalSection("features", "What live requests carry is what green was made for.", FeatureSection.Read)),
            Of("compatibility", item.OptionalSection("compatibility", "Blue and green each read what the other writes, as both declare it.", ReadCompatibility)),
            External(item),
            Of("golden", item.OptionalSection("golden", "Answers to requests whose right answers are known.", GoldenSection.Read)),
        }.OfType<Gate>().ToList();
        item.ExactlyOne();
        return given.FirstOrDefault() ?? new Gate("health", new HealthGate());
    }

    private static Gate? Of(string name, object? settings) => settings is null ? null : new Gate(name, settings);

    private static PairedGate ReadPaired(PolicySection paired) => ReadComparison(paired) with { Ignore = [.. DistributionSection.Ignored(paired)] };

    internal static PairedGate ReadComparison(PolicySection paired) => new()
    {
        MaxDisagreement = paired.Value("maxDisagreement", Share(), 0.05, "Largest harmless share of answers that differ."),
        Tolerance = paired.Value("tolerance", Number(0, 1e9), 0.1, "Scores that differ by more are different answers."),
        Requests = paired.Value("requests", Whole(100, 1_000_000), 1000, "Requests to compare."),
    };

    private static CompatibilityGate ReadCompatibility(PolicySection compatibility) => new()
    {
        Path = compatibility.Value(
            "path", Text(PathRegex(), "a path such as /compatibility", "/compatibility"), "/compatibility", "Where a replica answers GET with its declaration."),
    };

    private static Gate? External(PolicySection item)
    {
        var gate = item.OptionalSection("external", "A monitoring system's number within limits; as often as there are numbers.", ReadExternal);
        return gate is null ? null : new Gate($"external {gate.Name}", gate);
    }

    private static ExternalGate ReadExternal(PolicySection external)
    {
        var gate = new ExternalGate
        {
            Name = external.Required("name", MetricSourceSection.FreeName, "Its name; results call it `external-<name>`."),
            Source = external.Section("source", "The monitoring system to ask.", MetricSourceSection.Read, required: true),
            Low = external.Optional("low", Number(-1e15, 1e15), "Smallest healthy value."),
            High = external.Optional("high", Number(-1e15, 1e15), "Largest healthy value."),
            DryRun = external.Value("dryRun", Flag, false, "Tell the verdict, and let it not count."),
        };
        external.Rule(gate is not { Low: null, High: null, DryRun: false }, "Give a limit: low, high or both.", "high", "low", "name");
        external.Rule(!(gate.Low > gate.High), "low must not be above high.", "low", "high", "name");
        return gate;
    }

    private static LatencyGate ReadLatency(PolicySection latency)
    {
        var percentile = Duration(TimeSpan.FromMilliseconds(1), LongestLatency);
        var gate = new LatencyGate
        {
            P50 = latency.Optional("p50", percentile, "Largest median."),
            P95 = latency.Optional("p95", percentile, "Largest 95th percentile."),
            P99 = latency.Optional("p99", percentile, "Largest 99th percentile."),
            Requests = latency.Value("requests", Whole(10, 1_000_000), 500, "Requests to measure, over all replicas; for a p95 at least 20 are, for a p99 at least 100."),
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

    [GeneratedRegex("^(/[A-Za-z0-9._~-]+)+$", RegexOptions.ECMAScript)]
    private static partial Regex PathRegex();

    /// <summary>One item of the list: its name in the policy and the contract's record.</summary>
    private sealed record Gate(string Name, object Settings);
}
