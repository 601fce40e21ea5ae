namespace BlueGreen.Contracts;

/// <summary>A registry (or an operator) says that this model version shall serve the endpoint. Starts a deployment.</summary>
public sealed record ModelPromoted : IDeploymentMessage
{
    /// <summary>Chosen where the promotion was first stored, so that every redelivery means the same deployment.</summary>
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required ArtifactReference Artifact { get; init; }

    /// <summary>Who spoke: <c>generic</c>, <c>mlflow</c>, … or <c>operator</c>.</summary>
    public required string Source { get; init; }

    /// <summary>A person or account, as the source names it.</summary>
    public string? PromotedBy { get; init; }
    public required DateTimeOffset PromotedAt { get; init; }
}

/// <summary>The endpoint's slot has come free for this queued deployment.</summary>
public sealed record SlotGranted : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
}

/// <summary>
/// A newer promotion goes first. A deployment that has not reached its switch makes room at once; one that bakes or is held commits without
/// a retention when its bake is over; one that retains commits now.
/// </summary>
public sealed record SupersedeDeployment : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required Guid SupersededBy { get; init; }
}

/// <summary>An operator does not want the deployment any more. Once it has reached its switch, this is a rollback.</summary>
public sealed record CancelDeployment : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Reason { get; init; }
    public required string RequestedBy { get; init; }
}
