namespace BlueGreen.Contracts;

/// <summary>Send requests to every replica until its latency is flat.</summary>
public sealed record WarmEnvironment : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Fleet Fleet { get; init; }
    public required WarmupPolicy Warmup { get; init; }
}

/// <summary>Every replica is warm.</summary>
public sealed record EnvironmentWarmed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required IReadOnlyList<ReplicaWarmth> Replicas { get; init; }
}

public sealed record WarmingFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Reason { get; init; }
    public required IReadOnlyList<ReplicaWarmth> Replicas { get; init; }
}

/// <summary>
/// A replica of a live or standby environment died and was started again in its place, on its address: it is as cold as a new one.
/// </summary>
public sealed record ReplicaRestarted : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required int Index { get; init; }

    /// <summary>How often by now: tells a later restart from an earlier one.</summary>
    public required int Restarts { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>What warming one replica took.</summary>
public sealed record ReplicaWarmth
{
    public required int Index { get; init; }

    /// <summary>99th percentile of the first window of the first kind of requests, milliseconds.</summary>
    public required double ColdP99Milliseconds { get; init; }

    /// <summary>99th percentile of the last window of the first kind of requests, milliseconds.</summary>
    public required double WarmP99Milliseconds { get; init; }

    /// <summary>All requests sent.</summary>
    public required int Requests { get; init; }

    /// <summary>Requests that were in flight at a time.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>How often it was found to be another process than before, and was cold again.</summary>
    public int Restarts { get; init; }

    /// <summary>Why it stopped, in words an operator understands.</summary>
    public required string StopReason { get; init; }

    /// <summary>The kinds of requests it was warmed with, in order; the last one is where it stopped.</summary>
    public IReadOnlyList<ShapeWarmth> Shapes { get; init; } = [];
}

/// <summary>What warming one replica for one kind of request took.</summary>
public sealed record ShapeWarmth
{
    /// <summary>Payload shape as the protocol names it: input names, types and dimensions.</summary>
    public required string Shape { get; init; }

    /// <summary>Rows per request; 1: requests as they stand in the payload file.</summary>
    public required int Batch { get; init; }

    /// <summary>99th percentile of the first window, milliseconds.</summary>
    public required double ColdP99Milliseconds { get; init; }

    /// <summary>99th percentile of the last window, milliseconds.</summary>
    public required double WarmP99Milliseconds { get; init; }
    public required int Requests { get; init; }

    /// <summary>Why it stopped, in words an operator understands.</summary>
    public required string StopReason { get; init; }
}
