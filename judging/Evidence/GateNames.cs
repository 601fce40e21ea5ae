namespace BlueGreen.Judging.Evidence;

/// <summary>Names of the gates as results and evidence carry them.</summary>
public static class GateNames
{
    public const string Health = "health";
    public const string Schema = "schema";
    public const string Latency = "latency";
    public const string LatencyP50 = "latency-p50";
    public const string LatencyP95 = "latency-p95";
    public const string LatencyP99 = "latency-p99";
    public const string ErrorRate = "error-rate";
    public const string Golden = "golden";
    public const string Distribution = "distribution";
    public const string Paired = "paired";
    public const string Features = "features";
    public const string Compatibility = "compatibility";

    /// <summary>Followed by the gate's own name.</summary>
    public const string External = "external-";

    /// <summary>
    /// Absolute gates look at green alone; the comparative ones say nothing without a blue, a monitoring system may not even know green, and
    /// requests are not green's.
    /// </summary>
    public static bool IsAbsolute(string gate) =>
        !gate.StartsWith($"{Distribution}-", StringComparison.Ordinal) && !gate.StartsWith(External, StringComparison.Ordinal)
        && !gate.StartsWith($"{Features}-", StringComparison.Ordinal) && gate is not (Paired or Compatibility);
}
