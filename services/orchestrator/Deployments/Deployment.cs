using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>One deployment's saga: one promotion of one model version to one endpoint. A row, whose state is text.</summary>
internal sealed class Deployment : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";

    public string Endpoint { get; set; } = "";
    public string Model { get; set; } = "";
    public string Version { get; set; } = "";
    public ArtifactReference Artifact { get; set; } = null!;
    public string Source { get; set; } = "";
    public string? PromotedBy { get; set; }
    public DateTimeOffset PromotedAt { get; set; }

    /// <summary>The policy as it stood when the slot was granted; later changes of the policy do not reach this deployment.</summary>
    public DeploymentPlan? Plan { get; set; }
    public string? PolicyHash { get; set; }

    /// <summary>All provision attempts converge on this one environment.</summary>
    public Guid EnvironmentId { get; set; }
    public string? Fingerprint { get; set; }
    public Fleet? Green { get; set; }

    /// <summary>The environment that was live when the slot was granted; null for a first deployment.</summary>
    public Fleet? Blue { get; set; }
    public Guid? BlueDeploymentId { get; set; }

    /// <summary>The route's epoch when the slot was granted: the switch fails if anything moved since.</summary>
    public long ExpectedEpoch { get; set; }
    public long? SwitchEpoch { get; set; }
    public DateTimeOffset? SwitchedAt { get; set; }
    public double? ConvergenceMilliseconds { get; set; }
    public DateTimeOffset? RevertedAt { get; set; }

    /// <summary>The newer promotion that this deployment ended for.</summary>
    public Guid? SupersededBy { get; set; }

    /// <summary>The newer promotion that waits for the bake of this one: once it is over, nothing is retained.</summary>
    public Guid? OvertakenBy { get; set; }

    /// <summary>Number of the current stage's attempt; outcomes of another attempt are late.</summary>
    public int Attempt { get; set; }

    /// <summary>Token of the one deadline that is set.</summary>
    public Guid? DeadlineToken { get; set; }

    /// <summary>When the whole deployment must have come through its bake; null while it waits for the slot.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>The end state that tearing down leads to; null: <c>Failed</c>.</summary>
    public string? EndsAs { get; set; }

    /// <summary>Who let it go on, in the state that asked for it.</summary>
    public IReadOnlyList<Approval> Approvals { get; set; } = [];

    public string? FailedStage { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Time that stages spent in work of their own, as their workers measured it.</summary>
    public double WorkMilliseconds { get; set; }

    /// <summary>Time that the policy declared as waiting: queue, interrupted bake, retention.</summary>
    public double WaitedMilliseconds { get; set; }

    public List<StageRecord> Stages { get; set; } = [];
    public IReadOnlyList<GateResult> Gates { get; set; } = [];
    public IReadOnlyList<GateResult> BakeMetrics { get; set; } = [];
    public IReadOnlyList<ReplicaWarmth> Warmth { get; set; } = [];

    /// <summary>What the platform itself added: everything that was neither work nor declared waiting.</summary>
    public double? OverheadMilliseconds => EndedAt is { } ended
        ? Math.Max(0, (ended - PromotedAt).TotalMilliseconds - WorkMilliseconds - WaitedMilliseconds)
        : null;
}

/// <summary>One attempt of one stage, for people.</summary>
internal sealed record StageRecord
{
    public required string Stage { get; init; }
    public required int Attempt { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
    public double? WorkMilliseconds { get; init; }
}

/// <summary>One person's word that the deployment may go on.</summary>
internal sealed record Approval
{
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>What was decided on: <c>AwaitingApproval</c> or <c>Held</c>.</summary>
    public required string State { get; init; }
    public string? Reason { get; init; }
}
