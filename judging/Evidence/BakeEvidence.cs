using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>What one bake saw, look by look, and how it ended: why it rolled back, or what it was passed on.</summary>
public sealed record BakeEvidence
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>Green's.</summary>
    public required Guid EnvironmentId { get; init; }

    /// <summary>Null: a first deployment.</summary>
    public Guid? BlueId { get; init; }
    public required DateTimeOffset SwitchedAt { get; init; }

    /// <summary>When this was written.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>Null: the bake is under way, or was ended by somebody else (an alarm, an operator).</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Why it failed or came to no verdict; null: it did neither.</summary>
    public string? Reason { get; init; }

    /// <summary>Limits, intervals and lengths as they were asked for.</summary>
    public required BakePolicy Policy { get; init; }

    /// <summary>SHA-256 of the policy's text (its JSON, UTF-8), lower-case hexadecimal.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>All looks that were taken.</summary>
    public required int Taken { get; init; }

    /// <summary>Those that are kept, oldest first: of very many, every one at which a verdict changed, and some of the others.</summary>
    public required IReadOnlyList<BakeLook> Looks { get; init; }

    /// <summary>Both colours' answers to the same live requests at the last look at them; null: there was none.</summary>
    public PairedEvidence? Pairs { get; init; }
}

/// <summary>One look at a bake's metrics.</summary>
public sealed record BakeLook
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Each with value, limit, samples, interval or p-value, and verdict.</summary>
    public required IReadOnlyList<GateResult> Metrics { get; init; }
}
