namespace BlueGreen.EnvManager.Drivers;

/// <summary>All a driver needs to start one replica.</summary>
internal sealed record ReplicaLaunch
{
    public required Guid EnvironmentId { get; init; }
    public required Guid DeploymentId { get; init; }
    public required int Index { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string Fingerprint { get; init; }

    /// <summary>Program and arguments with placeholders, see <see cref="Contracts.EnvironmentTemplate.Command"/>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Full path of the verified artifact.</summary>
    public required string ArtifactPath { get; init; }

    /// <summary>When the environment was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The port a restarted replica must come back on; null: a free one.</summary>
    public int? Port { get; init; }
}
