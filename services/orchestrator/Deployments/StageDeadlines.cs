namespace BlueGreen.Orchestrator.Deployments;

/// <summary>How long each state may wait. What an owner may want to change is in the policy; the rest are the platform's own steps.</summary>
internal static class StageDeadlines
{
    private static readonly TimeSpan OwnStep = TimeSpan.FromSeconds(30);

    /// <summary>A bake ends itself; its deadline only catches one that was lost.</summary>
    private static readonly TimeSpan BakeMargin = TimeSpan.FromMinutes(2);

    public static TimeSpan Of(string state, DeploymentPlan? plan) => state switch
    {
        nameof(DeploymentStateMachine.Queued) => TimeSpan.FromDays(7),
        nameof(DeploymentStateMachine.Provisioning) => plan!.ProvisionDeadline,
        nameof(DeploymentStateMachine.Warming) => TimeSpan.FromMinutes(10),
        nameof(DeploymentStateMachine.Validating) => TimeSpan.FromMinutes(30),
        nameof(DeploymentStateMachine.Baking) => plan!.Bake.MaxDuration + BakeMargin,
        nameof(DeploymentStateMachine.Retaining) => plan!.Bake.Retention,
        nameof(DeploymentStateMachine.Held) => plan!.Deadline,
        nameof(DeploymentStateMachine.Faulted) => plan!.UnservedTtl,
        _ => OwnStep,
    };
}
