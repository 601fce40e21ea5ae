namespace BlueGreen.Validator.Gates;

/// <summary>Names of the gates as results carry them.</summary>
internal static class GateNames
{
    public const string Health = "health";
    public const string LatencyP50 = "latency-p50";
    public const string LatencyP95 = "latency-p95";
    public const string LatencyP99 = "latency-p99";
    public const string ErrorRate = "error-rate";

    public const string Schema = "schema";

    /// <summary>Absolute gates look at green alone; the comparative ones say nothing without a blue, a monitoring system may not even know green.</summary>
    public static bool IsAbsolute(string gate) =>
        !gate.StartsWith("distribution-", StringComparison.Ordinal) && !gate.StartsWith("external-", StringComparison.Ordinal) && gate != PairedJudge.Name;
}
