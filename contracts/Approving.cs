namespace BlueGreen.Contracts;

/// <summary>
/// An operator lets the deployment go on: to the switch, or past a bake without a verdict. Valid for the very environment and fingerprint
/// that were looked at, and only in the state in which it was asked for.
/// </summary>
public sealed record DeploymentApproved : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }

    /// <summary>What the operator decided on: <c>AwaitingApproval</c> or <c>Held</c>.</summary>
    public required string State { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Fingerprint { get; init; }

    /// <summary>A person. The same person counts once.</summary>
    public required string ApprovedBy { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset ApprovedAt { get; init; }
}

/// <summary>An operator does not want this environment switched to: it is torn down.</summary>
public sealed record DeploymentRejected : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }

    /// <summary>What the operator decided on: <c>AwaitingApproval</c>.</summary>
    public required string State { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Fingerprint { get; init; }
    public required string RejectedBy { get; init; }
    public required string Reason { get; init; }
}
