using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>Which stage waits for a message: its command, or the outcome that only the saga hears.</summary>
internal static class FaultedStages
{
    private static readonly Dictionary<string, string> Commands = new()
    {
        [nameof(ProvisionEnvironment)] = nameof(DeploymentStateMachine.Provisioning),
        [nameof(WarmEnvironment)] = nameof(DeploymentStateMachine.Warming),
        [nameof(ValidateEnvironment)] = nameof(DeploymentStateMachine.Validating),
        [nameof(SwitchTraffic)] = nameof(DeploymentStateMachine.Switching),
        [nameof(BeginBaking)] = nameof(DeploymentStateMachine.Baking),
        [nameof(ReleaseStandby)] = nameof(DeploymentStateMachine.Releasing),
        [nameof(QuarantineEnvironment)] = nameof(DeploymentStateMachine.RollingBack),
    };

    private static readonly Dictionary<string, string> Outcomes = new()
    {
        [nameof(EnvironmentProvisioned)] = nameof(DeploymentStateMachine.Provisioning),
        [nameof(ProvisioningFailed)] = nameof(DeploymentStateMachine.Provisioning),
        [nameof(EnvironmentWarmed)] = nameof(DeploymentStateMachine.Warming),
        [nameof(WarmingFailed)] = nameof(DeploymentStateMachine.Warming),
        [nameof(EnvironmentValidated)] = nameof(DeploymentStateMachine.Validating),
        [nameof(ValidationFailed)] = nameof(DeploymentStateMachine.Validating),
        [nameof(TrafficSwitched)] = nameof(DeploymentStateMachine.Switching),
        [nameof(SwitchingFailed)] = nameof(DeploymentStateMachine.Switching),
        [nameof(BakingPassed)] = nameof(DeploymentStateMachine.Baking),
        [nameof(BakingFailed)] = nameof(DeploymentStateMachine.Baking),
        [nameof(BakingInconclusive)] = nameof(DeploymentStateMachine.Baking),
        [nameof(StandbyReleased)] = nameof(DeploymentStateMachine.Releasing),
    };

    /// <summary>Null where no stage depends on it.</summary>
    public static string? Of(string messageType, string service) =>
        (service == OrchestratorService.ServiceName ? Outcomes : Commands).GetValueOrDefault(messageType);

    /// <summary>A revert that was given up at the routers: the rollback service's own work.</summary>
    public const string Revert = "RevertTraffic";

    /// <summary>Whether the message orders something: replaying it as it was would skip the saga.</summary>
    public static bool IsCommand(string messageType) =>
        Commands.ContainsKey(messageType) || messageType == nameof(DecommissionEnvironment);
}
