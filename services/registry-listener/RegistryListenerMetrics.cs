using System.Diagnostics.Metrics;
using BlueGreen.Platform.Telemetry;

namespace BlueGreen.RegistryListener;

internal static class RegistryListenerMetrics
{
    private static readonly Counter<long> Promotions = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.promotions", "{promotion}", "Webhooks heard, by source and by what became of them");

    public static void Accepted(string source) => Count(source, "accepted");
    public static void Repeated(string source) => Count(source, "repeated");
    public static void Ignored(string source) => Count(source, "ignored");
    public static void Refused(string source) => Count(source, "refused");
    public static void Unavailable(string source) => Count(source, "unavailable");

    private static void Count(string source, string outcome) =>
        Promotions.Add(1, new("source", source), new("outcome", outcome));
}
