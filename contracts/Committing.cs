namespace BlueGreen.Contracts;

/// <summary>Give up the way back: from the answer on, a revert of this deployment is refused.</summary>
public sealed record ReleaseStandby : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>The epoch of this deployment's switch.</summary>
    public required long ExpectedEpoch { get; init; }
}

public sealed record StandbyReleased : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required long Epoch { get; init; }

    /// <summary>The environment that no route refers to any more; null after a first deployment.</summary>
    public Guid? ReleasedEnvironmentId { get; init; }
}

/// <summary>The route is no longer this deployment's to release, e.g. a revert was faster.</summary>
public sealed record StandbyReleaseFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Tear an environment down and free everything it holds.</summary>
public sealed record DecommissionEnvironment : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Reason { get; init; }
}

public sealed record EnvironmentDecommissioned : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
}

public sealed record DecommissioningFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Reason { get; init; }
}
