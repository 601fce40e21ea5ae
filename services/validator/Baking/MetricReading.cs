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
/// <param name="PValue">Probability of a reading this bad or worse if the true value is just within its limits.</param>
internal readonly record struct MetricReading(double? Value, string Unit, long Requests, double PValue)
{
    private const string ErrorRate = "error-rate";
    private const string NullRate = "null-rate";

    /// <returns>Null when no such metric is known.</returns>
    public static MetricReading? Of(BakeMetric metric, WindowSum sum) => metric.Name switch
    {
        ErrorRate => Share(metric, sum.Errors, sum.Requests),
        NullRate => Share(metric, sum.NullPredictions, sum.Requests),
        "latency-p50" => Latency(metric, sum.Latency, 0.50),
        "latency-p95" => Latency(metric, sum.Latency, 0.95),
        "latency-p99" => Latency(metric, sum.Latency, 0.99),
        _ => null,
    };

    /// <summary>Whether the value as seen is within its limits, luck aside.</summary>
    public bool IsWithin(BakeMetric metric) =>
        Value is { } value && !(value > metric.High) && !(value < metric.Low);

    private static MetricReading Share(BakeMetric metric, long events, long requests)
    {
        var share = new BinomialShare(events, requests);
        var tooHigh = metric.High is { } high ? share.AtLeast(high) : 1;
        var tooLow = metric.Low is { } low ? share.AtMost(low) : 1;
        return new(requests == 0 ? null : share.Share, "share", requests, Math.Min(tooHigh, tooLow));
    }

    private static MetricReading Latency(BakeMetric metric, LatencyBuckets buckets, double quantile)
    {
        var total = buckets.Total;
        var tooHigh = metric.High is { } high ? new BinomialShare(buckets.CertainlyAbove(high), total).AtLeast(1 - quantile) : 1;
        var tooLow = metric.Low is { } low ? new BinomialShare(buckets.CertainlyWithin(low), total).AtLeast(quantile) : 1;
        return new(buckets.Quantile(quantile), "ms", total, Math.Min(tooHigh, tooLow));
    }
}
