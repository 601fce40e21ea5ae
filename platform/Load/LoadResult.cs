using HdrHistogram;

namespace BlueGreen.Platform.Load;

/// <summary>What a load saw.</summary>
public sealed record LoadResult
{
    /// <summary>
    /// Latencies in microseconds of the requests that were answered or timed out. A request that failed at once is not among them: a refused
    /// connection is fast, and says nothing about latency.
    /// </summary>
    public required HistogramBase Microseconds { get; init; }

    /// <summary>From the first request's due time to the last answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Requests per second that were asked for.</summary>
    public required double Rate { get; init; }

    /// <summary>Requests sent.</summary>
    public required int Requests { get; init; }

    /// <summary>Requests that failed at once and are not in the histogram.</summary>
    public required int Failed { get; init; }

    /// <summary>Requests that left later than the sender's timer explains: the sender was held up, or too many were in flight.</summary>
    public required int Late { get; init; }

    /// <summary>Timestamp (of the clock the load ran on) at which the first request was due.</summary>
    public required long Started { get; init; }

    /// <summary>A percentile in milliseconds.</summary>
    /// <param name="percentile">In (0, 100].</param>
    public double Milliseconds(double percentile) => Microseconds.GetValueAtPercentile(percentile) / 1000.0;
}
