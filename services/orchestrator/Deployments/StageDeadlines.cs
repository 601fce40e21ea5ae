namespace BlueGreen.Orchestrator.Deployments;

/// <summary>How long each state may wait. What an owner may want to change is in the policy; the rest are the platform's own steps.</summary>
internal static class StageDeadlines
{
    private static readonly TimeSpan OwnStep = TimeSpan.FromSeconds(30);

    /// <summary>A bake ends itself; its deadline only catches one that was lost.</summary>
    private static readonly TimeSpan BakeMargin = TimeSpan.FromMinutes(2);

    /// <summary>
    /// States that the deadline of the whole deployment cuts short. The others finish: a way back, a tear-down or a commit that was broken
    /// off would be worse than one that is late.
    /// </summary>
    private static readonly HashSet<string> Limited =
    [
        nameof(DeploymentStateMachine.Provisioning), nameof(DeploymentStateMachine.Warming), nameof(DeploymentStateMachine.Validating),
        nameof(DeploymentStateMachine.AwaitingApproval), nameof(DeploymentStateMachine.Switching), nameof(DeploymentStateMachine.Baking),
        nameof(DeploymentStateMachine.Held),
    ];

    /// <summary>The one deadline to set on entering a state: its own, or the whole deployment's where that comes first.</summary>
    public static (TimeSpan Wait, bool IsWhole) Next(string state, Deployment saga, DateTimeOffset now)
    {
        var own = Of(state, saga.Plan);
        if (saga.ExpiresAt is not { } end || !Limited.Contains(state) || end - now >= own) return (own, false);
        return (end > now ? end - now : TimeSpan.Zero, true);
    }

    public static TimeSpan Of(string state, DeploymentPlan? plan) => state switch
    {
        nameof(DeploymentStateMachine.Queued) => TimeSpan.FromDays(7),
        nameof(DeploymentStateMachine.Provisioning) => plan!.ProvisionDeadline,
        nameof(DeploymentStateMachine.Warming) => TimeSpan.FromMinutes(10),
        nameof(DeploymentStateMachine.Validating) => TimeSpan.FromMinutes(30),
        nameof(DeploymentStateMachine.Baking) => plan!.Bake.MaxDuration + BakeMargin,
        nameof(DeploymentStateMachine.Retaining) => plan!.Bake.Retention,
        nameof(DeploymentStateMachine.AwaitingApproval) => plan!.Deadline,
        nameof(DeploymentStateMachine.Held) => plan!.Deadline,
        // Without a plan there was no slot either: reverted while it waited, and the quarantine could not be confirmed.
        nameof(DeploymentStateMachine.Faulted) => plan?.UnservedTtl ?? TimeSpan.FromDays(1),
        _ => OwnStep,
    };
}
