using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Work;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>
/// Fetches the artifact, brings the fleet up and waits until all of it is ready. Every attempt, and every run after a crash, converges
/// on the same fleet: what runs and matches is adopted, what does not is replaced.
/// </summary>
internal sealed class ProvisioningHandler(
    ArtifactPin artifacts,
    DriverCatalog drivers,
    IInferenceProtocols protocols,
    FleetBuilder builder,
    EnvManagerMetrics metrics,
    TimeProvider time,
    ILogger<ProvisioningHandler> log) : IWorkHandler<ProvisionEnvironment>
{
    public async Task<WorkOutcome> RunAsync(ProvisionEnvironment command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var (pinned, fleet, failure) = await BuildAsync(command, lease, cancellationToken);
        var took = time.GetUtcNow() - lease.RequestedAt;
        metrics.Provisioned(took, fleet is not null);
        if (fleet is null) return Failed(command, failure!.Reason, failure.Retryable);
        log.Provisioned(command.EnvironmentId, fleet.Replicas.Count, took.TotalMilliseconds);
        return Provisioned(pinned!, fleet);
    }

    /// <summary>Nothing is known of the model: the deployment tries again as its policy says, and then faults.</summary>
    public WorkOutcome GiveUp(ProvisionEnvironment command, string reason)
    {
        log.ProvisioningFailed(command.EnvironmentId, reason);
        return WorkOutcome.Silent.AndWrite<EnvManagerDbContext>((db, token) => MoveAsync(db, command, EnvironmentState.Failed, reason, token));
    }

    private async Task<(ProvisionEnvironment?, Fleet?, ProvisioningProblem?)> BuildAsync(
        ProvisionEnvironment command, IWorkLease lease, CancellationToken cancellationToken)
    {
        if (Check(command.Template) is { } wrong) return (null, null, new ProvisioningProblem(wrong, Retryable: false));
        var (pinned, artifact) = await artifacts.GetAsync(command, cancellationToken);
        if (artifact.Path is null) return (null, null, new ProvisioningProblem(artifact.Problem!, artifact.Retryable));
        var (fleet, problem) = await builder.BuildAsync(pinned, drivers.Find(command.Template.Driver)!, artifact.Path, lease, cancellationToken);
        return (pinned, fleet, problem);
    }

    private string? Check(EnvironmentTemplate template)
    {
        if (drivers.Find(template.Driver) is null)
        {
            return $"The driver '{template.Driver}' is not available here; available: "
                + $"{string.Join(", ", drivers.All.Select(driver => driver.Name))}.";
        }

        if (protocols.Find(template.Protocol, template.Inference) is null)
            return $"The protocol '{template.Protocol}' is not one of: {string.Join(", ", protocols.Names)}.";
        if (template.Replicas < 1) return "An environment needs at least one replica.";
        return template.Command.Count == 0 ? "The template's command is empty." : null;
    }

    private static WorkOutcome Provisioned(ProvisionEnvironment command, Fleet fleet) =>
        WorkOutcome.Publish(new EnvironmentProvisioned
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Fleet = fleet,
            Fingerprint = EnvironmentFingerprint.Of(command.Template, command.Artifact),
        }).AndWrite<EnvManagerDbContext>((db, token) => MoveAsync(db, command, EnvironmentState.Running, null, token));

    private WorkOutcome Failed(ProvisionEnvironment command, string reason, bool retryable)
    {
        log.ProvisioningFailed(command.EnvironmentId, reason);
        return WorkOutcome.Publish(new ProvisioningFailed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            EnvironmentId = command.EnvironmentId,
            Reason = reason,
            Retryable = retryable,
        }).AndWrite<EnvManagerDbContext>((db, token) => MoveAsync(db, command, EnvironmentState.Failed, reason, token));
    }

    private static async Task MoveAsync(
        EnvManagerDbContext db, ProvisionEnvironment command, EnvironmentState state, string? reason, CancellationToken cancellationToken)
    {
        var environment = await db.Environments.FindAsync([command.EnvironmentId], cancellationToken);
        if (environment is { State: EnvironmentState.Provisioning }) environment.Move(state, reason);
    }
}
