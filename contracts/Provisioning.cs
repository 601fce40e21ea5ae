namespace BlueGreen.Contracts;

/// <summary>Build the deployment's environment. All attempts name the same <see cref="EnvironmentId"/> and converge on it.</summary>
public sealed record ProvisionEnvironment : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required ArtifactReference Artifact { get; init; }
    public required EnvironmentTemplate Template { get; init; }

    /// <summary>How long the environment may exist without ever having served before it is torn down.</summary>
    public required TimeSpan UnservedTtl { get; init; }
}

/// <summary>The whole fleet runs, has loaded its model and answers its readiness probe.</summary>
public sealed record EnvironmentProvisioned : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Fleet Fleet { get; init; }

    /// <summary>Template hash and artifact digest: what this environment is, as opposed to which one it is.</summary>
    public required string Fingerprint { get; init; }
}

public sealed record ProvisioningFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Reason { get; init; }

    /// <summary>False when another attempt must fail likewise, e.g. the artifact's digest is wrong.</summary>
    public required bool Retryable { get; init; }
}
