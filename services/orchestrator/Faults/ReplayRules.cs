using BlueGreen.Orchestrator.Deployments;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>
/// What a replay may do. It starts a new attempt of the stage that faulted, or of an earlier one that is still before the switch; so it
/// never skips a gate (I2), and never brings a deployment back that was reverted (I6).
/// </summary>
internal static class ReplayRules
{
    private static readonly List<string> BeforeTheSwitch =
    [
        nameof(DeploymentStateMachine.Provisioning), nameof(DeploymentStateMachine.Warming), nameof(DeploymentStateMachine.Validating),
    ];

    private static readonly List<string> AfterTheSwitch =
        [nameof(DeploymentStateMachine.Releasing), nameof(DeploymentStateMachine.RollingBack)];

    /// <summary>The stage that the deployment faulted in; null when it is not faulted.</summary>
    public static string? FaultedStage(this Deployment saga) =>
        saga.CurrentState == nameof(DeploymentStateMachine.Faulted) && saga.Stages.Count > 1 ? saga.Stages[^2].Stage : null;

    /// <summary>The number of the stage's next attempt in this deployment.</summary>
    public static int NextAttempt(this Deployment saga, string stage) =>
        1 + saga.Stages.Where(record => record.Stage == stage).Select(record => record.Attempt).DefaultIfEmpty(0).Max();

    /// <summary>The last replay: the stage and attempt it started, while nothing newer was.</summary>
    public static StageRecord? LastReplay(this Deployment saga)
    {
        var index = saga.Stages.FindLastIndex(record => record is { Stage: nameof(DeploymentStateMachine.Faulted), Outcome: Replayed });
        return index >= 0 && index + 1 < saga.Stages.Count && saga.CurrentState != nameof(DeploymentStateMachine.Faulted)
            ? saga.Stages[index + 1]
            : null;
    }

    /// <summary>Outcome of a stay in Faulted that a replay ended.</summary>
    public const string Replayed = "Replayed";

    /// <summary>Why the stage must not be tried again, or null.</summary>
    public static string? Refusal(Deployment saga, string stage)
    {
        if (saga.FaultedStage() is not { } faulted)
            return $"Deployment {saga.CorrelationId} is {saga.CurrentState}: only a faulted one can be replayed.";
        if (saga.Stages.Any(record => record.Stage == nameof(DeploymentStateMachine.TearingDown)))
            return "Its environment was torn down: promote again.";
        if (saga.RevertedAt is not null && stage != nameof(DeploymentStateMachine.RollingBack))
            return "It was reverted, and a reverted deployment is never live again (I6): promote again.";
        if (AfterTheSwitch.Contains(faulted))
            return stage == faulted ? null : $"It faulted in {faulted}, past its switch: only {faulted} can be replayed.";
        if (!BeforeTheSwitch.Contains(faulted)) return $"A fault in {faulted} cannot be replayed.";
        if (!BeforeTheSwitch.Contains(stage))
            return $"{stage} cannot be replayed: traffic moves on a recorded verdict only, and {faulted} has not passed (I2). "
                + $"Replay one of: {string.Join(", ", BeforeTheSwitch.TakeWhile(name => name != faulted).Append(faulted))}.";
        return BeforeTheSwitch.IndexOf(stage) <= BeforeTheSwitch.IndexOf(faulted)
            ? null
            : $"{stage} comes after {faulted}, which has not passed (I2).";
    }
}
