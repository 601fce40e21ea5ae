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

    /// <summary>Those that were refused (4xx).</summary>
    public long ClientErrors { get; init; }

    /// <summary>Answers whose predictions the routers could read: nobody knows of nulls in others.</summary>
    public long Inspected { get; init; }

    /// <summary>Those requests that were copies.</summary>
    public CopyTally Copies { get; init; }

    /// <returns>Null when the histograms have different bounds.</returns>
    public WindowSum? Plus(WindowSum other) => Latency.Plus(other.Latency) is not { } latency
        ? null
        : new(Requests + other.Requests, Errors + other.Errors, NullPredictions + other.NullPredictions, latency)
        {
            ClientErrors = ClientErrors + other.ClientErrors,
            Inspected = Inspected + other.Inspected,
            Copies = Copies.Plus(other.Copies),
        };
}

/// <summary>Copies of requests by what became of the request itself, which the live environment answered.</summary>
/// <param name="Requests">Copies that were answered, or failed.</param>
/// <param name="LiveErrors">Those whose request failed.</param>
/// <param name="BothErrors">Those that failed as their request did.</param>
/// <param name="LiveClientErrors">Those whose request was refused (4xx).</param>
/// <param name="BothClientErrors">Those that were refused as their request was.</param>
internal readonly record struct CopyTally(long Requests, long LiveErrors, long BothErrors, long LiveClientErrors, long BothClientErrors)
{
    public CopyTally Plus(CopyTally other) => new(
        Requests + other.Requests, LiveErrors + other.LiveErrors, BothErrors + other.BothErrors,
        LiveClientErrors + other.LiveClientErrors, BothClientErrors + other.BothClientErrors);
}

/// <summary>The routers' sum and how complete it is.</summary>
/// <param name="Sum">Of the routers that answered.</param>
/// <param name="Missing">Routers that did not, with the reason; empty when the sum is complete.</param>
internal sealed record RouterReading(WindowSum Sum, IReadOnlyList<string> Missing);

/// <summary>What the routers saw of one colour in both stretches of time that a bake judges.</summary>
/// <param name="SinceSwitch">Everything since the switch, as far back as routers remember.</param>
/// <param name="Recent">The recent window.</param>
internal sealed record BakeReading(RouterReading SinceSwitch, RouterReading Recent);
