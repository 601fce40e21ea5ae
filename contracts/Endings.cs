namespace BlueGreen.Contracts;

/// <summary>Green is the endpoint's last known-good environment now.</summary>
public sealed record DeploymentCommitted : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
}

/// <summary>The deployment ended without ever having taken traffic.</summary>
public sealed record DeploymentFailed : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }

    /// <summary>The stage that failed, in the state's own word, e.g. <c>Validating</c>.</summary>
    public required string Stage { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Traffic went back to blue and green is in quarantine.</summary>
public sealed record DeploymentRolledBack : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string Reason { get; init; }

    /// <summary>Where green's logs and samples are kept, as the driver names it; null when there is no such place.</summary>
    public string? EvidencePath { get; init; }
}

/// <summary>A newer promotion was preferred before this one was switched to.</summary>
public sealed record DeploymentSuperseded : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required Guid SupersededBy { get; init; }
}

/// <summary>An operator cancelled the deployment before it was switched to.</summary>
public sealed record DeploymentCancelled : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string Reason { get; init; }
}

/// <summary>The deployment ended as <c>Rejected</c>: an operator rejected it, or the endpoint was busy and its policy refuses then.</summary>
public sealed record DeploymentRefused : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string Reason { get; init; }
}
