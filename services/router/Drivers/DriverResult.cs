namespace BlueGreen.Router.Drivers;

/// <summary>What came of an attempt to write.</summary>
internal sealed record DriverResult
{
    /// <summary>Why it was not written, or not known to be; null: it was.</summary>
    public string? Failure { get; private init; }

    public static DriverResult Done { get; } = new();

    public static DriverResult Failed(string reason) => new() { Failure = reason };
}

/// <summary>What is still under way at environments that are live no longer.</summary>
/// <param name="InFlight">Requests, connections or workers, whatever the target counts; null: it does not tell.</param>
internal sealed record DriverDrain(int? InFlight)
{
    public static DriverDrain Unknown { get; } = new((int?)null);
}
