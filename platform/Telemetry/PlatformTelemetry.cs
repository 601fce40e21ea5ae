using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BlueGreen.Platform.Telemetry;

/// <summary>The platform's own spans and instruments.</summary>
public static class PlatformTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "BlueGreen";

    public static ActivitySource Source { get; } = new(Name);
    public static Meter Meter { get; } = new(Name);
}
