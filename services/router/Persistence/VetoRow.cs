namespace BlueGreen.Router.Persistence;

/// <summary>This deployment is never live again. Rows are only ever added.</summary>
internal sealed class VetoRow
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset RevertedAt { get; init; }

    /// <summary>The replica that took it.</summary>
    public required string Replica { get; init; }
}
