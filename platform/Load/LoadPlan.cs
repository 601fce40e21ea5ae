namespace BlueGreen.Platform.Load;

/// <summary>A load to be put on a server.</summary>
public sealed record LoadPlan
{
    /// <summary>Requests per second, evenly spaced.</summary>
    public required double Rate { get; init; }

    /// <summary>How many requests are sent.</summary>
    public required int Requests { get; init; }

    /// <summary>
    /// How late a request may leave because of the sender's own timer without that being charged to the server. One that leaves later
    /// than that is measured from the moment it was due, so that a stalled measurement never flatters.
    /// </summary>
    public TimeSpan TimerSlack { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Requests in flight at most: beyond it they wait here, which is part of their latency. It protects the sender (a connection
    /// each), and is far above what a server that answers would reach.
    /// </summary>
    public int MaxInFlight { get; init; } = 4096;
}
