using BlueGreen.Contracts;
using BlueGreen.Platform.Work;

namespace BlueGreen.Bench.Sagas.Instant;

/// <summary>A fleet of one replica, which is this very process.</summary>
internal sealed class InstantProvisioning(IConfiguration configuration) : IWorkHandler<ProvisionEnvironment>
{
    public Task<WorkOutcome> RunAsync(ProvisionEnvironment command, IWorkLease lease, CancellationToken cancellationToken) =>
        Task.FromResult(WorkOutcome.Publish(new EnvironmentProvisioned
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Fleet = new Fleet
            {
                EnvironmentId = command.EnvironmentId,
                Model = command.Model,
                Version = command.Version,
                Protocol = command.Template.Protocol,
                Replicas = [new Replica { Index = 0, Address = new Uri(configuration["urls"]!) }],
            },
            Fingerprint = command.Artifact.Sha256,
        }));

    public WorkOutcome GiveUp(ProvisionEnvironment command, string reason) => WorkOutcome.Silent;
}

internal sealed class InstantWarming : IWorkHandler<WarmEnvironment>
{
    public Task<WorkOutcome> RunAsync(WarmEnvironment command, IWorkLease lease, CancellationToken cancellationToken) =>
        Task.FromResult(WorkOutcome.Publish(new EnvironmentWarmed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Replicas = [.. command.Fleet.Replicas.Select(Warmth)],
        }));

    public WorkOutcome GiveUp(WarmEnvironment command, string reason) => WorkOutcome.Silent;

    private static ReplicaWarmth Warmth(Replica replica) => new()
    {
        Index = replica.Index,
        ColdP99Milliseconds = 20,
        WarmP99Milliseconds = 2,
        Requests = 50,
        StopReason = "stable",
    };
}

/// <summary>Every gate that the policy asks for has passed.</summary>
internal sealed class InstantValidation : IWorkHandler<ValidateEnvironment>
{
    public Task<WorkOutcome> RunAsync(ValidateEnvironment command, IWorkLease lease, CancellationToken cancellationToken) =>
        Task.FromResult(WorkOutcome.Publish(new EnvironmentValidated
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            EnvironmentId = command.Green.EnvironmentId,
            Fingerprint = command.Fingerprint,
            Gates = [InstantVerdict.Passed("health"), InstantVerdict.Passed("latency-p99"), InstantVerdict.Passed("error-rate")],
        }));

    public WorkOutcome GiveUp(ValidateEnvironment command, string reason) => WorkOutcome.Silent;
}

internal sealed class InstantBaking : IWorkHandler<BeginBaking>
{
    public Task<WorkOutcome> RunAsync(BeginBaking command, IWorkLease lease, CancellationToken cancellationToken) =>
        Task.FromResult(WorkOutcome.Publish(new BakingPassed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Metrics = [.. command.Bake.Metrics.Select(metric => InstantVerdict.Passed(metric.Name))],
        }));

    public WorkOutcome GiveUp(BeginBaking command, string reason) => WorkOutcome.Silent;
}

internal sealed class InstantDecommissioning : IWorkHandler<DecommissionEnvironment>
{
    public Task<WorkOutcome> RunAsync(DecommissionEnvironment command, IWorkLease lease, CancellationToken cancellationToken) =>
        Task.FromResult(WorkOutcome.Publish(new EnvironmentDecommissioned
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            EnvironmentId = command.EnvironmentId,
        }));

    public WorkOutcome GiveUp(DecommissionEnvironment command, string reason) => WorkOutcome.Silent;
}

internal static class InstantVerdict
{
    public static GateResult Passed(string gate) => new()
    {
        Gate = gate,
        Verdict = Verdict.Passed,
        Value = 0,
        Threshold = 1,
        Unit = "share",
        Samples = 1000,
        Summary = "Nothing was measured: a benchmark of the platform itself.",
    };
}
