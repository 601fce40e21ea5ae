namespace BlueGreen.Router.Drivers;

/// <summary>What stands in the target now.</summary>
internal sealed record DriverReading
{
    /// <summary>Why nothing could be read; null: the rest is what was read.</summary>
    public string? Failure { get; private init; }

    /// <summary>In the words of <see cref="ITrafficDriver.Describe"/>; empty: the target has nothing of this endpoint.</summary>
    public string State { get; private init; } = "";

    /// <summary>Null: nobody of ours has written this.</summary>
    public DriverMark? Mark { get; private init; }

    /// <summary>The target's own version of it, for a compare-and-swap (a resourceVersion, the former records); null: it has none.</summary>
    public string? Token { get; private init; }

    /// <summary>
    /// For how long after the last write clients may still be sent to the former environment although the target had changed: caches that the
    /// target does not rule (a resolver's, by the old TTL), as the target remembers it. Zero: not at all.
    /// </summary>
    public TimeSpan StaleFor { get; init; }

    /// <summary>What is still to happen in the target until what stands there is in force (endpoints to follow, gateways to accept); null: nothing.</summary>
    public string? Pending { get; init; }

    /// <summary>Ours, and not in force: whoever wrote it is about to see to that, or died before it could. To be written again.</summary>
    public bool IsHalfDone { get; init; }

    public static DriverReading Of(string state, DriverMark? mark, string? token = null) => new() { State = state, Mark = mark, Token = token };

    public static DriverReading Failed(string reason) => new() { Failure = reason };
}
