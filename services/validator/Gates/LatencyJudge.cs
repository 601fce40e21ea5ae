using BlueGreen.Contracts;

namespace BlueGreen.Validator.Gates;

/// <summary>Gates <c>latency-p50</c>, <c>latency-p95</c> and <c>latency-p99</c>: percentiles of the open-loop load.</summary>
internal static class LatencyJudge
{
    public static IEnumerable<GateResult> Judge(LatencyGate gate, GreenLoadResult load) =>
        Asked(gate).Select(asked => Judge(asked.Name, asked.Percentile, asked.Limit, load));

    /// <summary>The results when there was no load to judge.</summary>
    public static IEnumerable<GateResult> Inconclusive(LatencyGate gate, string why) =>
        Asked(gate).Select(asked => Unmeasured.Of(asked.Name, "ms", asked.Limit.TotalMilliseconds, why));

    private static IEnumerable<(string Name, double Percentile, TimeSpan Limit)> Asked(LatencyGate gate)
    {
        if (gate.P50 is { } p50) yield return (GateNames.LatencyP50, 50, p50);
        if (gate.P95 is { } p95) yield return (GateNames.LatencyP95, 95, p95);
        if (gate.P99 is { } p99) yield return (GateNames.LatencyP99, 99, p99);
    }

    private static GateResult Judge(string name, double percentile, TimeSpan limit, GreenLoadResult under)
    {
        var load = under.Load;
        var samples = (int)load.Microseconds.TotalCount;
        var threshold = limit.TotalMilliseconds;
        if (samples == 0) return Unmeasured.Of(name, "ms", threshold, "not one request was answered");
        var value = load.Microseconds.GetValueAtPercentile(percentile) / 1000.0;
        var passed = value <= threshold;
        return new()
        {
            Gate = name,
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = value,
            Threshold = threshold,
            Unit = "ms",
            Samples = samples,
            Duration = load.Duration,
            Summary = FormattableString.Invariant(
                $"p{percentile:0} of {samples} requests at {under.Rate} is {value:0.00} ms, {(passed ? "within" : "above")} {threshold:0.##} ms"),
        };
    }
}
