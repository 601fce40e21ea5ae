using System.Text.Json.Serialization;

namespace BlueGreen.Bench.Alarms;

/// <summary>What is printed.</summary>
internal sealed record AlarmsReport
{
    public required long Payloads { get; init; }
    public required long Accepted { get; init; }
    public required long Refused { get; init; }

    /// <summary>Answered 503 with Retry-After: not an error, but nothing was stored.</summary>
    public required long Unavailable { get; init; }

    /// <summary>Exceptions that nobody expected, as the server logs them.</summary>
    public required long Unhandled { get; init; }

    [JsonPropertyName("status_5xx")]
    public required long Status5xx { get; init; }
    public required long ForgedAccepted { get; init; }

    /// <summary>Largest working set of the process, sender included, MiB.</summary>
    public required double PeakMb { get; init; }
    public required double PayloadsPerS { get; init; }
    public required double AcceptedPerS { get; init; }
    public required double Seconds { get; init; }
}
