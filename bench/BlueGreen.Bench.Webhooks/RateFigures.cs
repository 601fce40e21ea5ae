namespace BlueGreen.Bench.Webhooks;

/// <summary>What was measured with good webhooks at a fixed rate; milliseconds.</summary>
internal sealed record RateFigures
{
    public required double AcceptedPerSecond { get; init; }
    public required double P50 { get; init; }
    public required double P99 { get; init; }
    public required double P999 { get; init; }
    public required long NotAccepted { get; init; }

    /// <summary>Milliseconds of processor time, by who used it.</summary>
    public required IReadOnlyDictionary<string, double> CpuPerWebhook { get; init; }
    public required long AcknowledgedAtKill { get; init; }
    public required long AcknowledgedLost { get; init; }
}
