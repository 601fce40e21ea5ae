using BlueGreen.Contracts;
using BlueGreen.EnvManager.Artifacts;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.EnvManager.Provisioning;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Traffic;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Watching;

/// <summary>Looks after one replica: is it there, does it answer; and puts it back in its place, on its port, when it died.</summary>
internal sealed class ReplicaSupervisor(
    IServiceStore<EnvManagerDbContext> store,
    DriverCatalog drivers,
    ArtifactStore artifacts,
    ReadinessProbe probe,
    ReplicaAddresses addresses,
    IColdReplicas routers,
    KeyedTurns<Guid> turns,
    EnvManagerMetrics metrics,
    IOptions<EnvManagerOptions> options,
    TimeProvider time,
    ILogger<ReplicaSupervisor> log)
{
    private const int UnansweredLimit = 3;

    public async Task LookAsync(
        ServingEnvironment environment, EnvironmentRole role, ServingReplica replica, WatchedReplica watched,
        CancellationToken cancellationToken)
    {
        if (drivers.Of(environment) is not { } driver) return;
        if (watched.Running is null || !driver.IsRunning(watched.Running))
            await FindAsync(driver, environment, role, replica, watched, cancellationToken);
        if (watched.Running is null || watched.NextProbe > time.GetUtcNow()) return;
        await ProbeAsync(environment, role, replica, watched, cancellationToken);
    }

    private async Task FindAsync(
        IEnvironmentDriver driver, ServingEnvironment environment, EnvironmentRole role, ServingReplica replica, WatchedReplica watched,
        CancellationToken cancellationToken)
    {
        using var turn = await turns.TakeAsync(environment.Id, cancellationToken);
        var found = (await driver.ListAsync(environment.Id, cancellationToken))
            .FirstOrDefault(running => running.Index == replica.Index && running.Fingerprint == environment.Fingerprint);
        if (found is not null)
        {
            watched.Running = found;
            if (found.ProcessId == replica.ProcessId) return;
            await RecordAsync(found, cancellationToken);
            return;
        }

        watched.Running = null;
        await ReportLossAsync(driver, environment, role, replica, watched, cancellationToken);
        if (role == EnvironmentRole.None || time.GetUtcNow() < watched.NotBefore) return;
        if (await IsEndingAsync(environment.Id, cancellationToken)) return;
        await RestartAsync(driver, environment, replica, watched, cancellationToken);
    }

    private async Task ReportLossAsync(
        IEnvironmentDriver driver, ServingEnvironment environment, EnvironmentRole role, ServingReplica replica, WatchedReplica watched,
        CancellationToken cancellationToken)
    {
        if (watched.ReportedLost) return;
        watched.ReportedLost = true;
        log.ReplicaLost(environment.Id, role.ToString(), replica.Index, driver.LastWords(environment.Id, replica.Index));
        replica.Ready = false;
        await MarkAsync(replica, ready: false, cancellationToken);
    }

    private async Task RestartAsync(
        IEnvironmentDriver driver, ServingEnvironment environment, ServingReplica replica, WatchedReplica watched,
        CancellationToken cancellationToken)
    {
        watched.NotBefore = time.GetUtcNow() + PauseAfter(watched.Failures++);
        var artifact = await artifacts.GetAsync(environment.Artifact, environment.ReadTemplate().Command, cancellationToken);
        if (artifact.Path is null)
        {
            log.RestartFailed(environment.Id, replica.Index, artifact.Problem!);
            return;
        }

        // Children of the dead process may still hold its port.
        await driver.StopAsync(environment.Id, replica.Index, cancellationToken);
        // Before it can take any request, however fast it starts; the prewarmer hears of it later and lets it back.
        await routers.HoldAsync(environment.Endpoint, environment.Id, replica.Index, cancellationToken);
        var running = await driver.StartAsync(
            environment.Launch(replica.Index, artifact.Path, replica.Port), cancellationToken);
        watched.Running = running;
        watched.ReportedLost = false;
        watched.NextProbe = time.GetUtcNow();
        await RecordRestartAsync(environment, running, cancellationToken);
        log.ReplicaRestarted(environment.Id, replica.Index, running.ProcessId, running.Port);
        metrics.Restarted(environment.Endpoint);
    }

    private async Task ProbeAsync(
        ServingEnvironment environment, EnvironmentRole role, ServingReplica replica, WatchedReplica watched,
        CancellationToken cancellationToken)
    {
        var target = new InferenceTarget(addresses.Of(replica.Port), environment.Model);
        var ready = await probe.IsReadyAsync(target, environment.ReadTemplate(), cancellationToken);
        watched.Unanswered = ready ? 0 : watched.Unanswered + 1;
        watched.NextProbe = time.GetUtcNow() + (ready ? options.Value.HealthInterval : TimeSpan.Zero);
        if (ready) watched.Failures = 0;
        if (ready && !replica.Ready)
        {
            log.ReplicaReady(environment.Id, replica.Index);
            await MarkAsync(replica, ready: true, cancellationToken);
        }
        else if (replica.Ready && watched.Unanswered >= UnansweredLimit)
        {
            log.ReplicaUnready(environment.Id, role.ToString(), replica.Index);
            await MarkAsync(replica, ready: false, cancellationToken);
        }
    }

    private TimeSpan PauseAfter(int failures)
    {
        var pause = options.Value.WatchInterval * Math.Pow(2, Math.Min(failures, 20));
        return pause < options.Value.RestartPauseLimit ? pause : options.Value.RestartPauseLimit;
    }

    private Task<bool> IsEndingAsync(Guid environmentId, CancellationToken cancellationToken) => store.ReadAsync(
        async (db, token) => await db.Environments.FindAsync([environmentId], token) is null or { IsEnding: true }, cancellationToken);

    private Task<bool> RecordAsync(RunningReplica running, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            await transaction.Db.RecordAsync(running, ready: false, token);
            return true;
        }, cancellationToken);

    /// <summary>Told as it starts, not when it is ready: the routers' hold is short, and whoever warms it renews it.</summary>
    private Task<bool> RecordRestartAsync(ServingEnvironment environment, RunningReplica running, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var row = await transaction.Db.RecordAsync(running, ready: false, token);
            row.Restarts++;
            await transaction.PublishAsync(new ReplicaRestarted
            {
                DeploymentId = environment.DeploymentId,
                Endpoint = environment.Endpoint,
                EnvironmentId = environment.Id,
                Index = running.Index,
                Restarts = row.Restarts,
                At = time.GetUtcNow(),
            }, token);
            return true;
        }, cancellationToken);

    private Task<bool> MarkAsync(ServingReplica replica, bool ready, CancellationToken cancellationToken)
    {
        replica.Ready = ready;
        return store.WriteAsync(async (transaction, token) =>
        {
            var row = await transaction.Db.Replicas.FindAsync([replica.EnvironmentId, replica.Index], token);
            if (row is not null) row.Ready = ready;
            return true;
        }, cancellationToken);
    }
}
