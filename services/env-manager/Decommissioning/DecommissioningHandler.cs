using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.Platform.Work;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Decommissioning;

/// <summary>Tears an environment down, unless a route still names it: then nothing is touched, whoever asks.</summary>
internal sealed class DecommissioningHandler(
    Teardown teardown, IOptions<EnvManagerOptions> options, TimeProvider time, ILogger<DecommissioningHandler> log)
    : IWorkHandler<DecommissionEnvironment>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task<WorkOutcome> RunAsync(DecommissionEnvironment command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await lease.EnsureHeldAsync(cancellationToken);
        while (await teardown.BeginAsync(command.EnvironmentId, command.Reason, cancellationToken) is var role
            && role != EnvironmentRole.None)
        {
            // The router's news that it let go of the environment may be on its way still.
            if (time.GetElapsedTime(started) >= options.Value.ReferenceSettleTime) return Refused(command, role);
            await Task.Delay(Pause, time, cancellationToken);
        }

        await teardown.FinishAsync(command.EnvironmentId, () => lease.EnsureHeldAsync(cancellationToken), cancellationToken);
        log.Decommissioned(command.EnvironmentId, command.Reason);
        return WorkOutcome.Publish(Decommissioned(command));
    }

    public WorkOutcome GiveUp(DecommissionEnvironment command, string reason) => WorkOutcome.Publish(Failed(command, reason));

    public static EnvironmentDecommissioned Decommissioned(DecommissionEnvironment command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
    };

    private WorkOutcome Refused(DecommissionEnvironment command, EnvironmentRole role)
    {
        var reason = $"The route still names the environment as {(role == EnvironmentRole.Live ? "live" : "standby")}; it stays.";
        log.DecommissioningRefused(command.EnvironmentId, reason);
        return WorkOutcome.Publish(Failed(command, reason));
    }

    private static DecommissioningFailed Failed(DecommissionEnvironment command, string reason) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
        Reason = reason,
    };
}
