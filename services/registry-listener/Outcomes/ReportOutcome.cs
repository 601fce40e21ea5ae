namespace BlueGreen.RegistryListener.Outcomes;

/// <summary>Work: tell the registry what became of a version that it promoted.</summary>
internal sealed record ReportOutcome
{
    public required Guid DeploymentId { get; init; }
    public required string Source { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>The registry's own name of the model.</summary>
    public required string Model { get; init; }
    public required string Version { get; init; }

    /// <summary>The end state in lower case: <c>committed</c>, <c>rolledback</c>, <c>failed</c>, <c>rejected</c>, <c>cancelled</c>, <c>superseded</c>.</summary>
    public required string Status { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
}
