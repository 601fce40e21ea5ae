namespace BlueGreen.Contracts;

/// <summary>An alarm came in and was decided on. For the history: the revert itself never waits for this message.</summary>
public sealed record AlarmRaised
{
    public required Guid AlarmId { get; init; }
    public required string Source { get; init; }

    /// <summary>Name of the alarm as its source gives it.</summary>
    public required string Name { get; init; }

    /// <summary>Null when it matched no endpoint.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The live deployment it was matched to; null when there was none to act on.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>What was done and why, e.g. <c>reverted</c>, <c>ignored: not baking</c>.</summary>
    public required string Decision { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the alarm rules were compared with, as the source gave it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Since when it fires, by its source's clock; null when the source did not say.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>What else the decision rests on, e.g. the rule, when traffic was switched, which environments were live and standby.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();
}

/// <summary>An alarm of an endpoint fires, and nothing there can be reverted: a deployment that has not been switched to is to be given up.</summary>
public sealed record DeploymentAbortRequested
{
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }

    /// <summary>The alarm's source, as <c>alarm:alertmanager</c>.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When the alarm was heard: a deployment that was promoted later is not meant.</summary>
    public required DateTimeOffset RaisedAt { get; init; }
}

/// <summary>Somebody has to look: the platform saw something that it must not act on by itself.</summary>
public sealed record AttentionRequired
{
    public required string Endpoint { get; init; }

    /// <summary>The deployment it is about; null when it is about none.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>What was seen, and why nothing was done about it.</summary>
    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Take the deployment's environment out of traffic.</summary>
public sealed record RollbackRequested : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }

    /// <summary>A person, or the component that decided.</summary>
    public required string RequestedBy { get; init; }
}

/// <summary>Traffic is back on the environment that served before; the deployment is vetoed for ever. Followed from any state.</summary>
public sealed record TrafficReverted : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>The epoch the database minted for the revert.</summary>
    public required long Epoch { get; init; }

    /// <summary>What is live now; null when the veto came before the deployment was ever switched to on an endpoint without a route.</summary>
    public Guid? LiveEnvironmentId { get; init; }
    public required string Reason { get; init; }
    public required string RequestedBy { get; init; }

    /// <summary>When the first router replica flipped.</summary>
    public required DateTimeOffset RevertedAt { get; init; }
}

/// <summary>The router could not revert; traffic stays where it is and people are told.</summary>
public sealed record RevertRefused : IDeploymentMessage
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Keep the environment, without traffic, for post-mortem.</summary>
public sealed record QuarantineEnvironment : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Reason { get; init; }

    /// <summary>When it may be torn down, counted from the quarantine.</summary>
    public required TimeSpan Ttl { get; init; }
}

public sealed record EnvironmentQuarantined : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }

    /// <summary>Where logs and samples are kept, as the driver names it.</summary>
    public required string EvidencePath { get; init; }
    public required DateTimeOffset Until { get; init; }
}
