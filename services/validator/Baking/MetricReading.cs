using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// One bake metric over one stretch of time. A latency limit is a statement about a share, too: the 99th percentile is above a limit
/// exactly when more than 1 % of requests take longer. So every metric is judged by exact binomial probabilities.
/// </summary>
/// <param name="Value">The metric as seen; null when it cannot be told (no requests, or a quantile beyond the last bound).</param>
/// <param name="Unit"><c>share</c> or <c>ms</c>.</param>
/// <param name="Requests">Requests behind it.</param>
/// <param name="Beyond">Those that speak against it: that failed, or took longer than the limit.</param>
/// <param name="PValue">Probability of a reading this bad or worse if the true value is just within its limits.</param>
internal readonly record struct MetricReading(double? Value, string Unit, long Requests, long Beyond, double PValue)
{
    public const string ErrorRate = "error-rate";
    public const string ClientErrorRate = "client-error-rate";
    public const string NullRate = "null-rate";

    /// <summary>What <see cref="Requests"/> counts, for people.</summary>
    public string What { get; init; } = "requests";

    /// <returns>Null when no such metric is known.</returns>
    public static MetricReading? Of(BakeMetric metric, WindowSum sum) => metric.Name switch
    {
        ErrorRate => Share(metric, sum.Errors, sum.Requests),
        ClientErrorRate => Share(metric, sum.ClientErrors, sum.Requests),
        NullRate => Share(metric, sum.NullPredictions, sum.Inspected) with { What = "answers that could be read" },
        "latency-p50" => Latency(metric, sum.Latency, 0.50),
        "latency-p95" => Latency(metric, sum.Latency, 0.95),
        "latency-p99" => Latency(metric, sum.Latency, 0.99),
        _ => null,
    };

    /// <summary>Whether the value as seen is within its limits, luck aside.</summary>
    public bool IsWithin(BakeMetric metric) =>
        Value is { } value && !(value > metric.High) && !(value < metric.Low);

    /// <summary>The reading for people.</summary>
    public string Text => this switch
    {
        { Requests: 0 } => $"no {What}",
        { Value: null } => $"beyond what the histogram can tell ({Requests} {What})",
        { Unit: "ms" } => FormattableString.Invariant($"{Value:0.##} ms ({Requests} {What})"),
        _ => FormattableString.Invariant($"{Value:0.###%} ({Requests} {What})"),
    };

    private static MetricReading Share(BakeMetric metric, long events, long requests)
    {
        var share = new BinomialShare(events, requests);
        var tooHigh = metric.High is { } high ? share.AtLeast(high) : 1;
        var tooLow = metric.Low is { } low ? share.AtMost(low) : 1;
        return Worse("share", requests == 0 ? null : share.Share, requests, (events, tooHigh), (requests - events, tooLow));
    }

    private static MetricReading Latency(BakeMetric metric, LatencyBuckets buckets, double quantile)
    {
        var total = buckets.Total;
        var above = metric.High is { } high ? buckets.CertainlyAbove(high) : 0;
        var within = metric.Low is { } low ? buckets.CertainlyWithin(low) : 0;
        var tooHigh = metric.High is null ? 1 : new BinomialShare(above, total).AtLeast(1 - quantile);
        var tooLow = metric.Low is null ? 1 : new BinomialShare(within, total).AtLeast(quantile);
        return Worse("ms", buckets.Quantile(quantile), total, (above, tooHigh), (within, tooLow));
    }

    private static MetricReading Worse(
        string unit, double? value, long requests, (long Beyond, double PValue) high, (long Beyond, double PValue) low) =>
        high.PValue <= low.PValue ? new(value, unit, requests, high.Beyond, high.PValue) : new(value, unit, requests, low.Beyond, low.PValue);
}
