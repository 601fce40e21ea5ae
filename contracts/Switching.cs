namespace BlueGreen.Contracts;

/// <summary>Make this environment the live one, if the route still stands at <see cref="ExpectedEpoch"/>.</summary>
public sealed record SwitchTraffic : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Fleet Fleet { get; init; }

    /// <summary>Epoch of the route when the deployment was provisioned; 0 when the endpoint has no route yet.</summary>
    public required long ExpectedEpoch { get; init; }
}

/// <summary>The route was changed; the receipt of the switch.</summary>
public sealed record TrafficSwitched : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required long Epoch { get; init; }

    /// <summary>The environment that served until now and is the way back; null for a first deployment.</summary>
    public Guid? StandbyEnvironmentId { get; init; }
    public required DateTimeOffset SwitchedAt { get; init; }

    /// <summary>True when every live router replica acknowledged the epoch before the deadline.</summary>
    public required bool Confirmed { get; init; }

    /// <summary>From the commit of the route to the last acknowledgement, milliseconds.</summary>
    public required double ConvergenceMilliseconds { get; init; }
    public required IReadOnlyList<RouterAcknowledgement> Acknowledgements { get; init; }
}

/// <summary>When one router replica, or the load balancer in front (<c>driver:haproxy/edge</c>), applied an epoch.</summary>
public sealed record RouterAcknowledgement
{
    public required string Router { get; init; }

    /// <summary>Since the commit of the route, milliseconds; null: did not acknowledge before the deadline.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>How long it held requests back for a strict cutover, milliseconds; null: it did not.</summary>
    public double? HeldMilliseconds { get; init; }

    /// <summary>
    /// For how long after that clients may still have been sent to the former environment, by caches that nobody rules (DNS: the TTL that was
    /// given out before), milliseconds; null: not at all.
    /// </summary>
    public double? StaleMilliseconds { get; init; }

    /// <summary>Why it did not acknowledge, where that is known.</summary>
    public string? Problem { get; init; }
}

public sealed record SwitchingFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Reason { get; init; }
}
