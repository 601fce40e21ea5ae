namespace BlueGreen.Rollback.Notifying;

/// <summary>Something that people responsible for an endpoint should know.</summary>
internal sealed record Notification
{
    public const string Reverted = "reverted";
    public const string Refused = "refused";
    public const string Attention = "attention";
    public const string RolledBack = "rolled-back";

    /// <summary>What happened: one of the constants, which the policy's <c>rollback.notify</c> chooses from.</summary>
    public required string Event { get; init; }

    /// <summary>Null when it is about no deployment.</summary>
    public Guid? DeploymentId { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>True when somebody has to act: traffic is not where it should be.</summary>
    public required bool IsUrgent { get; init; }

    /// <summary>One sentence.</summary>
    public required string Text { get; init; }
    public string? Reason { get; init; }
    public string? RequestedBy { get; init; }

    /// <summary>The model version that it is about, where that is known.</summary>
    public string? Version { get; init; }
    public required DateTimeOffset At { get; init; }
}
