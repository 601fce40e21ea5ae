using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.Deployments.Fixture;

/// <summary>How the other services answer.</summary>
internal static class Outcomes
{
    public static EnvironmentProvisioned Done(this ProvisionEnvironment command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Fingerprint = "f",
        Fleet = new Fleet
        {
            EnvironmentId = command.EnvironmentId,
            Model = command.Model,
            Version = command.Version,
            Protocol = "open-inference-v2",
            Replicas = [new Replica { Index = 0, Address = new Uri("http://127.0.0.1:1/") }],
        },
    };

    public static ProvisioningFailed Failed(this ProvisionEnvironment command, bool retryable) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
        Reason = "no capacity",
        Retryable = retryable,
    };

    public static EnvironmentWarmed Done(this WarmEnvironment command) =>
        new() { DeploymentId = command.DeploymentId, Attempt = command.Attempt, Replicas = [] };

    public static EnvironmentValidated Done(this ValidateEnvironment command, Verdict verdict = Verdict.Passed) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.Green.EnvironmentId,
        Fingerprint = command.Fingerprint,
        Gates = [Gate(verdict)],
    };

    public static ValidationFailed Failed(this ValidateEnvironment command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Reason = "health",
        Gates = [Gate(Verdict.Failed)],
    };

    public static TrafficSwitched Done(this SwitchTraffic command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Endpoint = command.Endpoint,
        EnvironmentId = command.Fleet.EnvironmentId,
        Epoch = command.ExpectedEpoch + 1,
        SwitchedAt = TimeProvider.System.GetUtcNow(),
        Confirmed = true,
        ConvergenceMilliseconds = 1,
        Acknowledgements = [],
    };

    public static SwitchingFailed Failed(this SwitchTraffic command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Reason = "the epoch moved",
    };

    public static BakingPassed Done(this BeginBaking command) =>
        new() { DeploymentId = command.DeploymentId, Attempt = command.Attempt, Metrics = [] };

    public static BakingInconclusive Inconclusive(this BeginBaking command) =>
        new() { DeploymentId = command.DeploymentId, Attempt = command.Attempt, Reason = "too few requests", Metrics = [] };

    public static BakingFailed Failed(this BeginBaking command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Endpoint = command.Endpoint,
        Reason = "null-rate",
        Metrics = [],
    };

    public static StandbyReleased Done(this ReleaseStandby command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Endpoint = command.Endpoint,
        Epoch = command.ExpectedEpoch + 1,
    };

    public static EnvironmentDecommissioned Done(this DecommissionEnvironment command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
    };

    public static EnvironmentQuarantined Done(this QuarantineEnvironment command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
        EvidencePath = "/evidence",
        Until = TimeProvider.System.GetUtcNow() + command.Ttl,
    };

    public static TrafficReverted Reverted(this SwitchTraffic command, Guid? live) => new()
    {
        DeploymentId = command.DeploymentId,
        Endpoint = command.Endpoint,
        Epoch = command.ExpectedEpoch + 2,
        LiveEnvironmentId = live,
        Reason = "alarm",
        RequestedBy = "alertmanager",
        RevertedAt = TimeProvider.System.GetUtcNow(),
    };

    private static GateResult Gate(Verdict verdict) => new()
    {
        Gate = "health",
        Verdict = verdict,
        Unit = "replicas",
        Samples = 1,
        Summary = "health",
    };
}
