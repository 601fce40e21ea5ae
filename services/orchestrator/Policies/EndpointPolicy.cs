using System.Text.Json.Serialization;
using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>
/// An endpoint's policy with every default filled in. The sections that travel in commands are the contract's own records, so that
/// a command carries the section as it was pinned.
/// </summary>
internal sealed record EndpointPolicy
{
    /// <summary>Name of the endpoint: 1 to 63 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }
    public required RoutePolicy Route { get; init; }
    public required PromotionPolicy Promotion { get; init; }

    /// <summary>Longest time for the whole deployment, from the slot to the end state.</summary>
    public required TimeSpan Deadline { get; init; }
    public required EnvironmentTemplate Environment { get; init; }
    public required ProvisionPolicy Provision { get; init; }
    public required WarmupPolicy Warmup { get; init; }
    public required GatePolicy Gates { get; init; }
    public required BakePolicy Bake { get; init; }
    public required IReadOnlyList<AlarmRule> Alarms { get; init; }
    public required RollbackPolicy Rollback { get; init; }

    /// <summary>Which live requests are kept; null: none.</summary>
    public CapturePolicy? Capture { get; init; }

    /// <summary>Steps of the endpoint's owners.</summary>
    public IReadOnlyList<Hook> Hooks { get; init; } = [];
    public required CleanupPolicy Cleanup { get; init; }

    /// <summary>What router and rollback keep of this policy.</summary>
    /// <param name="policyHash">From <see cref="PolicyJson.Hash"/>.</param>
    /// <param name="revision">Revision under which the policy is stored.</param>
    public EndpointConfigured ToEndpointConfigured(string policyHash, long revision) => new()
    {
        Endpoint = Name,
        PolicyHash = policyHash,
        Revision = revision,
        Path = Route.Path,
        Cutover = Route.Cutover,
        OnControlPlaneLoss = Route.OnControlPlaneLoss,
        Traffic = Route.Traffic,
        PromotionStage = Promotion.Stage,
        Registries = Promotion.Registries,
        Alarms = Alarms,
        Notify = Rollback.Notify,
        Capture = Capture,
    };
}

/// <param name="Path">Path prefix that clients call, e.g. <c>/fraud</c>.</param>
/// <param name="Cutover"><c>fast</c> or <c>strict</c>.</param>
/// <param name="OnControlPlaneLoss"><c>serve-last</c> or <c>fence</c>.</param>
internal sealed record RoutePolicy(string Path, string Cutover, string OnControlPlaneLoss)
{
    /// <summary>How requests are carried.</summary>
    public TrafficPolicy Traffic { get; init; } = new();
}

/// <param name="Stage">The registry's stage that means "serve this".</param>
/// <param name="AutoSwitch">Switch without asking once every gate has passed.</param>
/// <param name="WhenBusy">What a promotion does while another deployment holds the slot: <c>queue</c>, <c>supersede</c>, <c>refuse</c>.</param>
/// <param name="Approvals">Operators who must approve the switch.</param>
/// <param name="FourEyes">Whether the approver must not be the promoter.</param>
internal sealed record PromotionPolicy(string Stage, bool AutoSwitch, string WhenBusy, int Approvals, bool FourEyes)
{
    /// <summary>Models of registries that are for the endpoint under other names or by other marks.</summary>
    public IReadOnlyList<RegistryRule> Registries { get; init; } = [];

    /// <summary>Not switching by itself means that at least one person must say so.</summary>
    [JsonIgnore]
    public int RequiredApprovals => AutoSwitch ? Approvals : Math.Max(1, Approvals);
}

/// <param name="Deadline">Longest time for one attempt.</param>
/// <param name="Attempts">Attempts at provisioning, at least 1.</param>
internal sealed record ProvisionPolicy(TimeSpan Deadline, int Attempts);

/// <param name="Quarantine">How long a rolled-back environment is kept for post-mortem.</param>
internal sealed record RollbackPolicy(TimeSpan Quarantine)
{
    /// <summary>Who is told.</summary>
    public IReadOnlyList<NotifyRule> Notify { get; init; } = [];
}

/// <param name="UnservedTtl">How long an environment may exist without ever having served.</param>
internal sealed record CleanupPolicy(TimeSpan UnservedTtl);
