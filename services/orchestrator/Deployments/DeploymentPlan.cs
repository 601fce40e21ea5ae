using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>What a deployment takes from its endpoint's policy, in the shape its commands carry it.</summary>
internal sealed record DeploymentPlan
{
    public required EnvironmentTemplate Template { get; init; }
    public required TimeSpan ProvisionDeadline { get; init; }
    public required int ProvisionAttempts { get; init; }
    public required WarmupPolicy Warmup { get; init; }
    public required GatePolicy Gates { get; init; }
    public required BakePolicy Bake { get; init; }
    public required TimeSpan QuarantineTtl { get; init; }
    public required TimeSpan UnservedTtl { get; init; }

    /// <summary>People who must approve the switch.</summary>
    public int Approvals { get; init; }

    /// <summary>Whether the promoter's own approval is refused.</summary>
    public bool FourEyes { get; init; }

    /// <summary>The longest from the slot to the end of the bake, waiting for operators included.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Steps of the endpoint's owners.</summary>
    public IReadOnlyList<Hook> Hooks { get; init; } = [];
}
