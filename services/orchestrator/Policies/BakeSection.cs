using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.bake</c>.</summary>
internal static class BakeSection
{
    private const double DefaultErrorRate = 0.01;
    private const string ClientErrors = "client-error-rate";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    /// <summary>Metrics that are shares; the others are latencies.</summary>
    private static readonly string[] Shares = ["error-rate", ClientErrors, "null-rate"];
    private static readonly string[] Latencies = ["latency-p50", "latency-p95", "latency-p99"];

    /// <summary>What a monitoring system says may be any number.</summary>
    private static PolicyType<double> OfASource { get; } = Number(-1e15, 1e15);

    public static BakePolicy Read(PolicySection bake)
    {
        var duration = bake.Value("duration", Duration(Second, Week), TimeSpan.FromHours(1), "How long green is watched before the bake passes.");
        var policy = new BakePolicy
        {
            Duration = duration,
            MaxDuration = bake.Value(
                "maxDuration", Duration(Second, 2 * Week), 2 * duration, "How far an inconclusive bake may be extended.", "2 × duration"),
            Interval = bake.Value(
                "interval", Duration(Second, TimeSpan.FromHours(1)), duration < DefaultInterval ? duration : DefaultInterval,
                "How often the metrics are looked at; each look judges the requests since the last.", "30s, or duration when that is shorter"),
            Retention = bake.Value(
                "retention", Duration(TimeSpan.Zero, 2 * Week), 2 * duration, "How long blue stays warm after a clean bake.", "2 × duration"),
            OnInconclusive = bake.Value(
                "onInconclusive", OneOf(["hold", "rollback"]), "hold",
                "What happens when there is no verdict at maxDuration: `hold` (an operator decides) or `rollback`."),
            Metrics = bake.Sections(
                "metrics", "What is watched, each metric at most once.", ReadMetric,
                () => [new BakeMetric { Name = "error-rate", High = DefaultErrorRate }, new BakeMetric { Name = ClientErrors }],
                new JsonArray(
                    new JsonObject { ["name"] = "error-rate", ["high"] = PolicyValues.WriteShare(DefaultErrorRate) },
                    new JsonObject { ["name"] = ClientErrors })),
            Comparison = ComparisonSection.Read(bake),
        };
        bake.Rule(policy.MaxDuration >= duration, "maxDuration must not be below duration.", "maxDuration", "duration");
        bake.Rule(policy.Interval <= duration, "interval must not be above duration.", "interval", "duration");
        bake.Rule(policy.Metrics.Count > 0, "At least one metric is needed: a watch that looks at nothing passes everything.", "metrics");
        foreach (var twice in policy.Metrics.GroupBy(metric => metric.Name).Where(group => group.Count() > 1))
            bake.Rule(false, $"The metric '{twice.Key}' is given {twice.Count()} times: give it once.", "metrics");
        return policy;
    }

    private static BakeMetric ReadMetric(PolicySection item)
    {
        var source = item.OptionalSection("source", "A monitoring system to ask instead of the routers.", MetricSourceSection.Read);
        var name = item.Required(
            "name", source is null ? MetricSourceSection.Name(OneOf([.. Shares, .. Latencies])) : MetricSourceSection.FreeName,
            "What is measured of green's requests, as the router sees them; with a `source`, any name.");
        var limit = source is null ? Limit(item.IsSound("name") ? name : null) : OfASource;
        var metric = new BakeMetric
        {
            Name = name,
            Low = item.Optional("low", limit, "Smallest healthy value: a share for rates, a duration for latencies, a number with a `source`."),
            High = item.Optional("high", limit, "Largest healthy value: a share for rates, a duration for latencies, a number with a `source`."),
            FailureLimit = item.Value("failureLimit", Whole(1, 1000), 1, "Failed looks in a row that fail the bake."),
            Source = source,
            Sequential = item.OptionalSection(
                "sequential", "Judges a running mean with the doubt that is left, and lets the bake go on until there is none.", SequentialSection.Read),
            InitialDelay = item.Value(
                "initialDelay", Duration(TimeSpan.Zero, Week), TimeSpan.Zero, "How long after the switch a source is first asked."),
            Interval = item.Optional("interval", Duration(Second, TimeSpan.FromDays(1)), "Pause between questions to a source; without it the bake's."),
            Count = item.Optional("count", Whole(1, 1_000_000), "Values after which a source is not asked any more."),
            InconclusiveLimit = item.Optional("inconclusiveLimit", Whole(0, 1_000_000), "Answers of a source without a value that are borne."),
            ConsecutiveErrorLimit = item.Value("consecutiveErrorLimit", Whole(0, 1_000_000), 4, "Errors of a source in a row that are borne."),
            MinRequests = item.Value("minRequests", Whole(1, 1_000_000), 50, "Fewest requests in a look for a verdict; fewer is inconclusive."),
        };
        item.Rule(
            metric is not { Low: null, High: null } || metric is { Name: ClientErrors, Source: null },
            "Give a limit: low, high or both.", "high", "low", "name");
        item.Rule(metric.Sequential is null || source is not null, "Only a source's numbers can be judged so: name the source.", "sequential", "name");
        item.Rule(!(metric.Low > metric.High), "low must not be above high.", "low", "high", "name");
        return metric;
    }

    /// <summary>Shares stay what they are; latencies are written as durations and travel as milliseconds.</summary>
    /// <param name="metric">The metric's name; null when it is not known, and then nor is what would be right.</param>
    private static PolicyType<double> Limit(string? metric)
    {
        var share = Share();
        var latency = Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        return share with
        {
            Read = metric is null ? _ => (0, null) : Shares.Contains(metric) ? share.Read : node =>
            {
                var (value, problem) = latency.Read(node);
                return (value.TotalMilliseconds, problem);
            },
            Schema = () => new JsonObject { ["anyOf"] = new JsonArray(share.Schema(), latency.Schema()) },
        };
    }
}
