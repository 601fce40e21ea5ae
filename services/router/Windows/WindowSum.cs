namespace BlueGreen.Router.Windows;

/// <summary>Counters of several seconds added up.</summary>
internal sealed class WindowSum
{
    public long Requests { get; set; }
    public long Errors { get; set; }

    /// <summary>Answers with at least one null or NaN prediction.</summary>
    public long NullPredictions { get; set; }
    public long[] Latencies { get; } = new long[LatencyBuckets.Count];
}
