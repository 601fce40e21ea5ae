namespace BlueGreen.Validator.Baking;

/// <summary>What the routers saw of an environment's live traffic.</summary>
internal interface IRouterWindows
{
    /// <summary>
    /// Adds up the seconds in [from, to) of all routers, as far back as they remember (some minutes). A router that cannot be read is
    /// missing from the sum and named, never thrown.
    /// </summary>
    /// <param name="endpoint">Whose.</param>
    /// <param name="environmentId">Which of its environments.</param>
    /// <param name="from">First second.</param>
    /// <param name="to">End of the last.</param>
    /// <param name="copies">Whether copies of requests count, too: all that a blue gets that is no longer live.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<RouterReading> ReadAsync(
        string endpoint, Guid environmentId, DateTimeOffset from, DateTimeOffset to, bool copies, CancellationToken cancellationToken);
}

/// <summary>Requests of a stretch of time.</summary>
/// <param name="Requests">All that were answered or failed.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="NullPredictions">Those answered with a null prediction.</param>
/// <param name="Latency">How long they took.</param>
internal sealed record WindowSum(long Requests, long Errors, long NullPredictions, LatencyBuckets Latency)
{
    public static WindowSum Empty { get; } = new(0, 0, 0, LatencyBuckets.Empty);
}

/// <summary>The routers' sum and how complete it is.</summary>
/// <param name="Sum">Of the routers that answered.</param>
/// <param name="Missing">Routers that did not, with the reason; empty when the sum is complete.</param>
internal sealed record RouterReading(WindowSum Sum, IReadOnlyList<string> Missing);
