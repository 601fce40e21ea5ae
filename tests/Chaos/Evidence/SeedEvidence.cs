using BlueGreen.Demo.Load;

namespace BlueGreen.Chaos.Evidence;

/// <summary>Everything that a seed left behind, read from outside: what its judges judge by, and nothing else.</summary>
internal sealed record SeedEvidence
{
    /// <summary>When the run's clock stood at zero.</summary>
    public required DateTimeOffset ClockZero { get; init; }
    public required IReadOnlyList<AcknowledgedPromotion> Promotions { get; init; }
    public required IReadOnlyList<AcknowledgedAlarm> Alarms { get; init; }
    public required IReadOnlyList<DeploymentFact> Deployments { get; init; }
    public required IReadOnlyList<SwitchFact> Switches { get; init; }
    public required IReadOnlyList<VetoFact> Vetoes { get; init; }
    public required IReadOnlyList<RouteFact> Routes { get; init; }
    public required IReadOnlyList<HistoryFact> History { get; init; }
    public required IReadOnlyList<EnvironmentFact> Environments { get; init; }
    public required IReadOnlyList<DecisionFact> Decisions { get; init; }

    /// <summary>Model servers that run, by the tags in their process environment.</summary>
    public required IReadOnlyList<FleetProcess> Processes { get; init; }

    /// <summary>Messages by queue; the harness's own queue is not among them.</summary>
    public required IReadOnlyDictionary<string, long> Queues { get; init; }

    /// <summary>Outbox rows that are due and work items that are not done, by service and table.</summary>
    public required IReadOnlyDictionary<string, long> Backlog { get; init; }

    /// <summary>The client's own log: endpoint, or endpoint@router for another than the first, → requests in send order.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<RequestRecord>> Requests { get; init; }
    public required IReadOnlyList<Outage> RouterOutages { get; init; }

    /// <summary>Versions whose model answers requests with errors.</summary>
    public required IReadOnlySet<string> FailingVersions { get; init; }

    /// <summary>Size of the fleets, by endpoint.</summary>
    public required IReadOnlyDictionary<string, int> Replicas { get; init; }

    /// <summary>What was given up, from the platform's own list.</summary>
    public required IReadOnlyList<FaultFact> Faults { get; init; }

    /// <summary>Versions that the harness made fail beyond what patience heals.</summary>
    public required IReadOnlySet<string> PoisonedVersions { get; init; }

    /// <summary>What was promoted when everything was mended; null: nothing.</summary>
    public required string? LastVersion { get; init; }
}

/// <param name="DeploymentId">As the 202 named it.</param>
/// <param name="Version">What was promoted.</param>
internal sealed record AcknowledgedPromotion(Guid DeploymentId, string Version);

/// <param name="Name">Unique.</param>
/// <param name="AnsweredAt">When the 202 was there, microseconds of the run's clock.</param>
/// <param name="Reverted">The deployment that the 202 said had been taken out of traffic; null: none.</param>
internal sealed record AcknowledgedAlarm(string Name, long AnsweredAt, Guid? Reverted);

/// <param name="Id">Of the deployment.</param>
/// <param name="Endpoint">Its endpoint.</param>
/// <param name="Version">Its version.</param>
/// <param name="State">Where its saga stands.</param>
/// <param name="EnvironmentId">Its environment.</param>
/// <param name="Reason">Why it ended as it did.</param>
/// <param name="SwitchEpoch">The epoch of its switch, as the saga knows it.</param>
/// <param name="Verdicts">Every gate's verdict, by gate.</param>
internal sealed record DeploymentFact(
    Guid Id, string Endpoint, string Version, string State, Guid EnvironmentId, string? Reason, long? SwitchEpoch,
    IReadOnlyList<KeyValuePair<string, string>> Verdicts);

/// <summary>A switch as the router's table has it.</summary>
internal sealed record SwitchFact(
    Guid DeploymentId, string Endpoint, Guid EnvironmentId, long Epoch, DateTimeOffset SwitchedAt, DateTimeOffset? CommittedAt);

/// <summary>A veto as the router's table has it.</summary>
internal sealed record VetoFact(Guid DeploymentId, string Endpoint, DateTimeOffset RevertedAt);

/// <summary>A route: the database's epoch, and what the router itself says is live.</summary>
internal sealed record RouteFact(string Endpoint, long Epoch, Guid? Live, Guid? Standby, Guid? OrchestratorsLive, Guid? EnvManagersLive);

/// <summary>A row of the history.</summary>
internal sealed record HistoryFact(long Sequence, string Kind, Guid? DeploymentId, string? Endpoint, string? State, string Summary, long? Epoch);

/// <summary>An environment as env-manager's table has it.</summary>
internal sealed record EnvironmentFact(Guid Id, Guid DeploymentId, string Endpoint, string State, DateTimeOffset? ExpiresAt);

/// <summary>A message or work item that was given up, as the orchestrator lists it.</summary>
internal sealed record FaultFact(string Service, string MessageType, Guid? DeploymentId, string State, string Problem);

/// <summary>A stored decision on an alarm.</summary>
internal sealed record DecisionFact(string Alarm, string Decision);

/// <param name="Id">Process id.</param>
/// <param name="EnvironmentId">Whose it says it is.</param>
/// <param name="Replica">Which replica it says it is.</param>
internal sealed record FleetProcess(int Id, Guid EnvironmentId, int Replica);
