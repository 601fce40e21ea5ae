using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>What the gates of one deployment judged in one attempt, and by which policy.</summary>
public sealed record DeploymentEvidence
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }

    /// <summary>Green's template and artifact.</summary>
    public required string Fingerprint { get; init; }
    public required DateTimeOffset JudgedAt { get; init; }

    /// <summary>Whether green was let through.</summary>
    public required bool Passed { get; init; }

    /// <summary>The gates as they were asked for.</summary>
    public required GatePolicy Policy { get; init; }

    /// <summary>SHA-256 of the policy's text (its JSON, UTF-8), lower-case hexadecimal.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>In the order in which they were told.</summary>
    public required IReadOnlyList<GateEvidence> Gates { get; init; }

    /// <summary>The first that goes by the name; null: the gate was not asked for.</summary>
    public GateEvidence? Find(string gate) => Gates.FirstOrDefault(evidence => evidence.Gate == gate);
}
