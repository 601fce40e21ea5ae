using System.Diagnostics.Metrics;
using BlueGreen.Platform.Telemetry;

namespace BlueGreen.Router.Windows;

/// <summary>
/// Latencies of all answered requests as a histogram, whose buckets add up over replicas and over any time. The one instrument of the data plane that is
/// written to by requests: a histogram cannot be read off counters when it is asked for. Nothing is allocated for it.
/// </summary>
internal static class RequestDurations
{
    private static readonly Histogram<double> Durations = PlatformTelemetry.Meter.CreateHistogram(
        "bluegreen.router.duration", "ms", "From a request's header to the end of its answer, by environment.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000] });

    public static void Record(TimeSpan latency, KeyValuePair<string, object?>[] tags) => Durations.Record(latency.TotalMilliseconds, tags.AsSpan());
}
