using BlueGreen.Rollback.Reverting;

namespace BlueGreen.Rollback.Alarms;

/// <summary>What was decided on one alarm for one endpoint, or for none.</summary>
internal sealed record AlarmDecision
{
    public required Alarm Alarm { get; init; }

    /// <summary>Null when no endpoint has a rule for the alarm.</summary>
    public string? Endpoint { get; init; }
    public Guid? DeploymentId { get; init; }

    /// <summary>Begins with <c>reverted</c>, <c>already reverted</c>, <c>ignored</c>, <c>waiting</c>, <c>refused</c> or <c>failed</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>What the routers did; null when they were not asked.</summary>
    public LiveRevertKind? Outcome { get; init; }

    /// <summary>When the rule's <c>for</c> will be over; null when it is not waited for.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>From the request's arrival to the decision, which for a revert is after the last router's answer.</summary>
    public TimeSpan Elapsed { get; init; }
}
