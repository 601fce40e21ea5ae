using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// Latencies of a load, as a histogram: any percentile can be judged by any limit. What failed at once has no latency, so that the percentiles
/// of a load that hardly was answered, or of fewer requests than could show them, are nobody's: Inconclusive.
/// </summary>
public sealed record LatencyEvidence
{
    private const double Z = 1.959963984540054;

    /// <summary>Share of the requests that must have been answered, or have timed out.</summary>
    private const double LeastAnswered = 0.95;

    /// <summary>The values that occurred, microseconds, rising, at the precision of the histogram that they were counted in.</summary>
    public required IReadOnlyList<long> Microseconds { get; init; }

    /// <summary>How often each did.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>Requests that were sent; 0 in evidence of before this was kept: those that have a latency.</summary>
    public int Requests { get; init; }

    /// <summary>Requests that failed at once and have no latency.</summary>
    public int Failed { get; init; }

    /// <summary>How fast the load was, and why that fast, in words.</summary>
    public required string Load { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>One result per percentile that the gate has a limit for.</summary>
    public IReadOnlyList<GateResult> Judge(LatencyGate gate) =>
        [.. Asked(gate).Select(asked => Judge(asked.Name, asked.Percentile, asked.Limit.TotalMilliseconds))];

    /// <summary>The results when there was no load to judge.</summary>
    public static IReadOnlyList<GateResult> Nothing(LatencyGate gate, string why) =>
        [.. Asked(gate).Select(asked => Unmeasured.Of(asked.Name, "ms", asked.Limit.TotalMilliseconds, why))];

    /// <summary>How many requests show all the percentiles that the gate has a limit for.</summary>
    public static int Fewest(LatencyGate gate) => Asked(gate).Select(asked => Fewest(asked.Percentile)).DefaultIfEmpty(1).Max();

    /// <summary>One request in as many is beyond the percentile: with fewer it is no other than the largest.</summary>
    private static int Fewest(double percentile) => (int)Math.Ceiling(100 / (100 - percentile));

    /// <summary>The value that the percentile's share of the requests did not exceed (as HdrHistogram has it), milliseconds.</summary>
    /// <param name="percentile">In (0, 100].</param>
    public double Milliseconds(double percentile) => AtRank(Math.Max(1, (long)((percentile / 100 * Counts.Sum()) + 0.5)));

    /// <summary>
    /// 95 % interval of a percentile: the order statistics between which it lies whatever the distribution, by the normal approximation of the
    /// binomial rank, as if requests were independent. Source: W. Conover, "Practical Nonparametric Statistics" (1999), 3.2.
    /// </summary>
    private (double Low, double High) Interval(double percentile)
    {
        double count = Counts.Sum(), share = percentile / 100, reach = Z * Math.Sqrt(count * share * (1 - share));
        return (AtRank((long)Math.Max(1, Math.Floor((count * share) - reach))), AtRank((long)Math.Min(count, Math.Ceiling((count * share) + reach))));
    }

    private double AtRank(long rank)
    {
        var below = 0L;
        for (var i = 0; i < Counts.Count; i++)
            if ((below += Counts[i]) >= rank) return Microseconds[i] / 1000.0;
        return Microseconds.Count == 0 ? double.NaN : Microseconds[^1] / 1000.0;
    }

    private static IEnumerable<(string Name, double Percentile, TimeSpan Limit)> Asked(LatencyGate gate)
    {
        if (gate.P50 is { } p50) yield return (GateNames.LatencyP50, 50, p50);
        if (gate.P95 is { } p95) yield return (GateNames.LatencyP95, 95, p95);
        if (gate.P99 is { } p99) yield return (GateNames.LatencyP99, 99, p99);
    }

    private string? WhyNot(double percentile, int samples)
    {
        if (samples == 0) return "not one request was answered";
        if (samples < LeastAnswered * Requests) return $"{Failed} of {Requests} requests failed at once: {samples} that were answered do not speak for them";
        return Math.Max(Requests, samples) >= Fewest(percentile) ? null : FormattableString.Invariant($"{samples} requests do not show a p{percentile:0}, {Fewest(percentile)} would");
    }

    private GateResult Judge(string name, double percentile, double limit)
    {
        var samples = (int)Counts.Sum();
        if (WhyNot(percentile, samples) is { } why) return Unmeasured.Of(name, "ms", limit, why) with { Samples = samples };
        var value = Milliseconds(percentile);
        var passed = value <= limit;
        var (low, high) = Interval(percentile);
        return new()
        {
            Gate = name,
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = value,
            Threshold = limit,
            Unit = "ms",
            Samples = samples,
            IntervalLow = low,
            IntervalHigh = high,
            Duration = Duration,
            Summary = FormattableString.Invariant(
                $"p{percentile:0} of {samples} requests at {Load} is {value:0.00} ms, {(passed ? "within" : "above")} {limit:0.##} ms"),
        };
    }
}
