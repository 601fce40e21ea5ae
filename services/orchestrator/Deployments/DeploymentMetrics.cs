using System.Diagnostics.Metrics;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Telemetry;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>How long stages take and how deployments end.</summary>
internal static class DeploymentMetrics
{
    private static readonly Histogram<double> StageDuration = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.stage.duration", "s", "Time a deployment spent in a stage.");

    private static readonly Counter<long> Ended = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.deployments.ended", "{deployment}", "Deployments by end state.");

    private static readonly Histogram<double> Overhead = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.deployment.overhead", "ms", "Time of a deployment that was neither work nor declared waiting.");

    public static void StageEnded(Deployment saga, StageRecord stage)
    {
        if (IsRehearsed(saga)) return;
        StageDuration.Record(
            (stage.EndedAt!.Value - stage.StartedAt).TotalSeconds, new("endpoint", saga.Endpoint), new("stage", stage.Stage),
            new("outcome", stage.Outcome));
    }

    public static void DeploymentEnded(Deployment saga, string state)
    {
        if (IsRehearsed(saga)) return;
        Ended.Add(1, new KeyValuePair<string, object?>("endpoint", saga.Endpoint), new KeyValuePair<string, object?>("state", state));
        if (saga.OverheadMilliseconds is { } overhead)
            Overhead.Record(overhead, new KeyValuePair<string, object?>("endpoint", saga.Endpoint));
    }

    /// <summary>Its rows are taken back; a count could not be.</summary>
    private static bool IsRehearsed(Deployment saga) => saga.Endpoint == SampleMessage.Text;
}
