namespace BlueGreen.EnvManager.Environments;

/// <summary>An environment as the API shows it.</summary>
internal sealed record EnvironmentView
{
    public required Guid Id { get; init; }
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string State { get; init; }

    /// <summary>None, Live or Standby.</summary>
    public required string Role { get; init; }
    public required string Fingerprint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required IReadOnlyList<ReplicaView> Replicas { get; init; }

    /// <summary>When it is torn down if no route names it by then; null: a route names it, or it is gone.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public required double CostPerHour { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

internal sealed record ReplicaView
{
    public required int Index { get; init; }
    public required Uri Address { get; init; }
    public required int ProcessId { get; init; }
    public required bool Ready { get; init; }
    public required int Restarts { get; init; }
}
