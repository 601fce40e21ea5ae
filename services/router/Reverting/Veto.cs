namespace BlueGreen.Router.Reverting;

/// <summary>A revert as this replica took it.</summary>
internal sealed record Veto
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset RevertedAt { get; init; }

    /// <summary>W3C trace context of the request, for the trace to go on in the reconciliation.</summary>
    public string? TraceParent { get; init; }
}
