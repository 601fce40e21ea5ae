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

/// <summary>What warming one replica took.</summary>
public sealed record ReplicaWarmth
{
    public required int Index { get; init; }

    /// <summary>99th percentile of the first window, milliseconds.</summary>
    public required double ColdP99Milliseconds { get; init; }

    /// <summary>99th percentile of the last window, milliseconds.</summary>
    public required double WarmP99Milliseconds { get; init; }
    public required int Requests { get; init; }

    /// <summary>Why it stopped, in words an operator understands.</summary>
    public required string StopReason { get; init; }
}
