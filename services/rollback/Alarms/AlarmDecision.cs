using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>What was decided on one alarm for one endpoint, or for none.</summary>
internal sealed record AlarmDecision
{
    public required Alarm Alarm { get; init; }

    /// <summary>Null when no endpoint has a rule for the alarm.</summary>
    public string? Endpoint { get; init; }
    public Guid? DeploymentId { get; init; }

    /// <summary>
    /// Begins with <c>reverted</c>, <c>already reverted</c>, <c>ignored</c>, <c>waiting</c>, <c>paged</c>, <c>refused</c> or <c>failed</c>.
    /// </summary>
    public required string Decision { get; init; }

    /// <summary>What became of it at the routers; null when they were not asked, or asked in vain.</summary>
    public LiveRevertKind? Outcome { get; init; }

    /// <summary>When it will be decided on again; null when it is not waited for.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The rules that it was decided by; null when it was not by rules.</summary>
    public RuleMatch? Rules { get; init; }

    /// <summary>When this firing was first heard of.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>What the decision rests on, for the history.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Alarms that the sender left out of the request, which people are to be told of with this decision; 0: none.</summary>
    public int LeftOut { get; init; }

    /// <summary>From the request's arrival to the decision, which for a revert is after the last router's answer.</summary>
    public TimeSpan Elapsed { get; init; }
}
