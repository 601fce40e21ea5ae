namespace BlueGreen.Router.Capture;

/// <summary>One live request that was kept, redacted, with its answer.</summary>
internal sealed class CaptureRow
{
    public required Guid Id { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Path { get; init; }
    public required string MediaType { get; init; }
    public required string Request { get; init; }
    public required int Status { get; init; }

    /// <summary>Null when the answer could not be read in passing.</summary>
    public string? Answer { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Kept for the post-mortem of a quarantined environment: newer requests do not push it out.</summary>
    public bool Pinned { get; set; }
}
