namespace BlueGreen.Contracts;

/// <summary>Where a fault comes from.</summary>
public enum FaultKind
{
    /// <summary>A delivery that used up its tries, or that could not be read.</summary>
    Message,

    /// <summary>A delivery whose type nobody at that queue consumes.</summary>
    Skipped,

    /// <summary>A work item that was given up.</summary>
    Work,
}

/// <summary>A message or work item was given up. Whatever could be found out about it is kept for the operators.</summary>
public sealed record MessageFaulted
{
    public required Guid FaultId { get; init; }
    public required FaultKind Kind { get; init; }

    /// <summary>Kebab-case name of the service that gave up.</summary>
    public required string Service { get; init; }

    /// <summary>The queue of the delivery; of a work item, the name of its command.</summary>
    public required string Queue { get; init; }
    public Guid? MessageId { get; init; }

    /// <summary>The message type's name, e.g. <c>WarmEnvironment</c>; empty where it could not be read.</summary>
    public required string MessageType { get; init; }
    public required string ContentType { get; init; }

    /// <summary>The bytes as they came, in base64.</summary>
    public required string Body { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public Guid? DeploymentId { get; init; }
    public string? Endpoint { get; init; }
    public int? Attempt { get; init; }

    public required string ExceptionType { get; init; }
    public required string ExceptionMessage { get; init; }
    public string? StackTrace { get; init; }
    public string? TraceId { get; init; }
    public required DateTimeOffset FaultedAt { get; init; }

    /// <summary>True when the service gave an outcome of its own in giving up, which the deployment follows.</summary>
    public bool IsAnswered { get; init; }
}

/// <summary>The current attempt of a stage was given up without an outcome. Only the orchestrator says it, only the saga hears it.</summary>
public sealed record StageFaulted : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }

    /// <summary>The stage, in the state's own word, e.g. <c>Warming</c>.</summary>
    public required string Stage { get; init; }
    public required Guid FaultId { get; init; }
    public required string Reason { get; init; }
}

/// <summary>An operator wants a stage of a faulted deployment tried again.</summary>
public sealed record StageReplayRequested : IStageMessage
{
    public required Guid DeploymentId { get; init; }

    /// <summary>The number that the new attempt of <see cref="Stage"/> will have; a request for any other is a repetition.</summary>
    public required int Attempt { get; init; }

    /// <summary>The stage, in the state's own word, e.g. <c>Warming</c>.</summary>
    public required string Stage { get; init; }
    public required string RequestedBy { get; init; }
    public string? Reason { get; init; }
}
