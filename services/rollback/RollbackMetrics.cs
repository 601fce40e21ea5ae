using System.Diagnostics.Metrics;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Reverting;

namespace BlueGreen.Rollback;

internal static class RollbackMetrics
{
    private static readonly Counter<long> Alarms = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.alarms", "{alarm}", "Alarms heard, by source and by the first word of what was decided");

    private static readonly Histogram<double> RevertTime = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.alarm.revert.duration", "ms", "From an alarm's arrival to the last router's confirmation that traffic went back",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 50, 75, 100, 200, 500, 1000, 2000, 5000] });

    public static void Decided(AlarmDecision decision)
    {
        Alarms.Add(1, new("source", decision.Alarm.Source), new("decision", Word(decision)));
        if (decision.Outcome == LiveRevertKind.Reverted) RevertTime.Record(decision.Elapsed.TotalMilliseconds, new KeyValuePair<string, object?>("source", decision.Alarm.Source));
    }

    public static void Refused(string source) => Alarms.Add(1, new("source", source), new("decision", "invalid"));

    public static void Busy(string source) => Alarms.Add(1, new("source", source), new("decision", "busy"));

    private static string Word(AlarmDecision decision) => decision.Outcome switch
    {
        LiveRevertKind.Reverted => "reverted",
        LiveRevertKind.AlreadyReverted => "already-reverted",
        LiveRevertKind.Refused => "refused",
        LiveRevertKind.Unreachable => "failed",
        LiveRevertKind.Paged => "paged",
        _ when decision.DueAt is not null => "waiting",
        _ => "ignored",
    };
}
