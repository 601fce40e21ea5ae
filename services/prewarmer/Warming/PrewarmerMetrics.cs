using System.Diagnostics.Metrics;
using BlueGreen.Platform.Telemetry;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>What the prewarmer counts.</summary>
internal sealed class PrewarmerMetrics
{
    private readonly Counter<long> _requests = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.warmup.requests", "{request}", "Requests sent to warm replicas.");

    private readonly Histogram<double> _duration = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.warmup.duration", "s", "Time until every replica of an environment was warm, or given up.");

    public void CountRequest(string model, bool succeeded) =>
        _requests.Add(1, new("model", model), new("outcome", succeeded ? "ok" : "error"));

    public void RecordDuration(string endpoint, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint));
}
