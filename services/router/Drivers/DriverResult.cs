namespace BlueGreen.Router.Drivers;

/// <summary>What came of an attempt to write.</summary>
internal sealed record DriverResult
{
    /// <summary>Why it was not written, or not known to be; null: it was.</summary>
    public string? Failure { get; private init; }

    /// <summary>
    /// For how long clients may still be sent to the former environment although the target has changed: caches that the target does not rule
    /// (a resolver's, by the old TTL). Zero: not at all.
    /// </summary>
    public TimeSpan StaleFor { get; private init; }

    public static DriverResult Done { get; } = new();

    public static DriverResult DoneBut(TimeSpan staleFor) => new() { StaleFor = staleFor };

    public static DriverResult Failed(string reason) => new() { Failure = reason };
}

/// <summary>What is still under way at environments that are live no longer.</summary>
/// <param name="InFlight">Requests, connections or workers, whatever the target counts; null: it does not tell.</param>
internal sealed record DriverDrain(int? InFlight)
{
    public static DriverDrain Unknown { get; } = new((int?)null);
}
