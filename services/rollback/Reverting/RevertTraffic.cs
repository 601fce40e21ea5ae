namespace BlueGreen.Rollback.Reverting;

/// <summary>Take this deployment out of traffic.</summary>
internal sealed record RevertTraffic
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }

    /// <summary>A person, an alarm's source or the component that decided.</summary>
    public required string RequestedBy { get; init; }
}
