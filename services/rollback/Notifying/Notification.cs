namespace BlueGreen.Rollback.Notifying;

/// <summary>Something that people responsible for an endpoint should know.</summary>
internal sealed record Notification
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>True when somebody has to act: traffic is not where it should be.</summary>
    public required bool IsUrgent { get; init; }

    /// <summary>One sentence.</summary>
    public required string Text { get; init; }
}
