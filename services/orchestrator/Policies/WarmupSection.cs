using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.warmup</c>.</summary>
internal static class WarmupSection
{
    public static WarmupPolicy Read(PolicySection warmup)
    {
        var (payloads, captured) = warmup.Payloads(
            "payloads", "Requests to warm with, one inference request per line. Default: none; requests are built from the model's metadata.");
        var requests = warmup.Value(
            "requests", Range(1, 1_000_000), new CountRange(50, 500), "Fewest requests per replica..most for each payload shape and batch size; warming fails when latency is not flat by then.");
        var stable = warmup.Section("stable", "When latency counts as flat.", section => (
            Window: section.Value("window", Whole(2, 100_000), 30, "Requests in the rolling window."),
            Tolerance: section.Value(
                "tolerance", Share(min: 0.001), 0.05, "Largest relative difference between neighbouring windows.")));
        warmup.Rule(
            requests.Max >= 2 * stable.Window,
            $"Two windows of {stable.Window} requests do not fit into {requests.Max} requests: no replica could ever count as warm.",
            "requests", "stable");
        return new WarmupPolicy
        {
            Payloads = payloads,
            Captured = captured,
            MinRequests = requests.Min,
            MaxRequests = requests.Max,
            StableWindow = stable.Window,
            StableTolerance = stable.Tolerance,
            MaxBatch = warmup.Value(
                "maxBatch", Whole(1, 100_000), 1, "Largest batch that production sends; it and the powers of two below it are warmed one by one."),
            Concurrency = warmup.Optional(
                "concurrency", Whole(1, 256), "Requests in flight at a time, per replica; without it, as many as at the endpoint's observed peak."),
        };
    }
}
