namespace BlueGreen.Contracts;

/// <summary>Watch the environment that just went live.</summary>
public sealed record BeginBaking : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Fleet Green { get; init; }
    public Fleet? Blue { get; init; }
    public required BakePolicy Bake { get; init; }
    public required DateTimeOffset SwitchedAt { get; init; }
}

/// <summary>The bake ran its full time and every metric held.</summary>
public sealed record BakingPassed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required IReadOnlyList<GateResult> Metrics { get; init; }
}

/// <summary>A metric broke its limit. Heard by rollback directly, not only by the saga; voids any later <see cref="BakingPassed"/>.</summary>
public sealed record BakingFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }
    public required IReadOnlyList<GateResult> Metrics { get; init; }
}

/// <summary>The bake reached its longest duration without enough data for a verdict.</summary>
public sealed record BakingInconclusive : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Reason { get; init; }
    public required IReadOnlyList<GateResult> Metrics { get; init; }
}
