using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>A deployment as the API shows it.</summary>
internal sealed record DeploymentView
{
    public required Guid Id { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string State { get; init; }
    public required bool Ended { get; init; }
    public string? Reason { get; init; }
    public string? FailedStage { get; init; }
    public Guid EnvironmentId { get; init; }
    public string? Fingerprint { get; init; }
    public string? PolicyHash { get; init; }
    public string? PromotedBy { get; init; }
    public DateTimeOffset PromotedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public int RequiredApprovals { get; init; }
    public IReadOnlyList<Approval> Approvals { get; init; } = [];
    public Guid? SupersededBy { get; init; }
    public DateTimeOffset? SwitchedAt { get; init; }
    public DateTimeOffset? RevertedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public long? Epoch { get; init; }
    public double? ConvergenceMilliseconds { get; init; }
    public double? OverheadMilliseconds { get; init; }
    public IReadOnlyList<StageRecord> Stages { get; init; } = [];
    public IReadOnlyList<GateResult> Gates { get; init; } = [];
    public IReadOnlyList<GateResult> BakeMetrics { get; init; } = [];
    public IReadOnlyList<ReplicaWarmth> Warmth { get; init; } = [];

    public static DeploymentView From(Deployment row) => new()
    {
        Id = row.CorrelationId,
        Endpoint = row.Endpoint,
        Model = row.Model,
        Version = row.Version,
        State = row.CurrentState,
        Ended = row.EndedAt is not null,
        Reason = row.Reason,
        FailedStage = row.FailedStage,
        EnvironmentId = row.EnvironmentId,
        Fingerprint = row.Fingerprint,
        PolicyHash = row.PolicyHash,
        PromotedBy = row.PromotedBy,
        PromotedAt = row.PromotedAt,
        ExpiresAt = row.ExpiresAt,
        RequiredApprovals = row.RequiredApprovals(),
        Approvals = row.Approvals,
        SupersededBy = row.SupersededBy,
        SwitchedAt = row.SwitchedAt,
        RevertedAt = row.RevertedAt,
        EndedAt = row.EndedAt,
        Epoch = row.SwitchEpoch,
        ConvergenceMilliseconds = row.ConvergenceMilliseconds,
        OverheadMilliseconds = row.OverheadMilliseconds,
        Stages = row.Stages,
        Gates = row.Gates,
        BakeMetrics = row.BakeMetrics,
        Warmth = row.Warmth,
    };
}

/// <summary>A deployment in a list.</summary>
internal sealed record DeploymentSummary(
    Guid Id, string Endpoint, string Model, string Version, string State, bool Ended, string? Reason, DateTimeOffset PromotedAt,
    DateTimeOffset? EndedAt)
{
    public static DeploymentSummary From(Deployment row) => new(
        row.CorrelationId, row.Endpoint, row.Model, row.Version, row.CurrentState, row.EndedAt is not null, row.Reason, row.PromotedAt,
        row.EndedAt);
}

/// <summary>Body of <c>POST /api/v1/deployments</c>.</summary>
internal sealed record PromotionRequest(string? Endpoint, string? Model, string? Version, ArtifactRequest? Artifact, string? PromotedBy);

/// <summary>Where the model is and what it must be.</summary>
internal sealed record ArtifactRequest(string? Uri, string? Sha256);

/// <summary>Body of <c>POST /api/v1/deployments/{id}/rollback</c>.</summary>
internal sealed record RollbackRequest(string? Reason, string? RequestedBy);

/// <summary>The deployment that a request started.</summary>
internal sealed record DeploymentAccepted(Guid Id);
