namespace BlueGreen.Bench.Routing.Peers;

/// <summary>What another load balancer's switches came to, made in its own way or by our adapter.</summary>
internal sealed record PeerReport
{
    public required int Switches { get; init; }

    /// <summary>Asked meanwhile.</summary>
    public required int Requests { get; init; }

    /// <summary>Anything but 200.</summary>
    public required int Failed { get; init; }

    /// <summary>How long both versions were given out.</summary>
    public required Quantiles? MixedMs { get; init; }

    /// <summary>Requests that were sent after the switch was said to be done, and were answered by the old version.</summary>
    public required int Late { get; init; }

    /// <summary>By our adapter: switches whose receipt does not say that the load balancer and every router have followed; null: nobody says.</summary>
    public int? Unconfirmed { get; init; }

    /// <summary>By our adapter: from the commit of the route to the load balancer's acknowledgement.</summary>
    public Quantiles? ConvergenceMs { get; init; }

    /// <summary>How often it was told to read its configuration anew; null: it is not told that.</summary>
    public int? Reloads { get; init; }
}
