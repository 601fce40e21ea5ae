using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>Makes what runs equal to what the template says, and waits until it is ready.</summary>
internal sealed class FleetBuilder(
    IServiceStore<EnvManagerDbContext> store,
    ReadinessProbe probe,
    ReplicaAddresses addresses,
    KeyedTurns<Guid> turns,
    ILogger<FleetBuilder> log)
{
    private const int PortTries = 3;

    public async Task<(Fleet?, ProvisioningProblem?)> BuildAsync(
        ProvisionEnvironment command, IEnvironmentDriver driver, string artifactPath, IWorkLease lease,
        CancellationToken cancellationToken)
    {
        for (var portTry = 1; ; portTry++)
        {
            var replicas = await ConvergeAsync(command, driver, artifactPath, lease, cancellationToken);
            if (replicas is null) return (null, new ProvisioningProblem("The environment is being torn down.", Retryable: false));
            var failed = await WaitUntilReadyAsync(command, driver, replicas, cancellationToken);
            if (failed is null)
            {
                await RecordAsync(replicas, ready: true, cancellationToken);
                return (FleetOf(command, replicas), null);
            }

            if (portTry == PortTries || !driver.IsPortTaken(failed))
                return (null, new ProvisioningProblem(Obituary(driver, failed), Retryable: true));
            log.PortLost(command.EnvironmentId, failed.Index, failed.Port);
        }
    }

    /// <summary>Null when the environment's end has been asked for.</summary>
    private async Task<IReadOnlyList<RunningReplica>?> ConvergeAsync(
        ProvisionEnvironment command, IEnvironmentDriver driver, string artifactPath, IWorkLease lease,
        CancellationToken cancellationToken)
    {
        using var turn = await turns.TakeAsync(command.EnvironmentId, cancellationToken);
        var environment = await store.ReadAsync(
            (db, token) => db.Environments.SingleAsync(row => row.Id == command.EnvironmentId, token), cancellationToken);
        if (environment.IsEnding) return null;
        var running = await driver.ListAsync(command.EnvironmentId, cancellationToken);
        var kept = running.Where(replica => replica.Fingerprint == environment.Fingerprint && replica.Index < command.Template.Replicas)
            .GroupBy(replica => replica.Index).Where(same => same.Count() == 1).Select(same => same.Single()).ToList();
        foreach (var index in running.Select(replica => replica.Index).Except(kept.Select(replica => replica.Index)))
            await driver.StopAsync(command.EnvironmentId, index, cancellationToken);
        foreach (var replica in kept) log.ReplicaAdopted(replica.EnvironmentId, replica.Index, replica.ProcessId);
        foreach (var index in Enumerable.Range(0, command.Template.Replicas).Except(kept.Select(replica => replica.Index)))
        {
            await lease.EnsureHeldAsync(cancellationToken);
            kept.Add(await StartAsync(environment, driver, artifactPath, index, cancellationToken));
        }

        await RecordAsync(kept, ready: false, cancellationToken);
        return [.. kept.OrderBy(replica => replica.Index)];
    }

    private async Task<RunningReplica> StartAsync(
        ServingEnvironment environment, IEnvironmentDriver driver, string artifactPath, int index, CancellationToken cancellationToken)
    {
        var replica = await driver.StartAsync(environment.Launch(index, artifactPath, port: null), cancellationToken);
        log.ReplicaStarted(environment.Id, environment.Model, environment.Version, index, replica.ProcessId, replica.Port);
        return replica;
    }

    /// <summary>The first replica that ended instead of getting ready; null when all are ready.</summary>
    private async Task<RunningReplica?> WaitUntilReadyAsync(
        ProvisionEnvironment command, IEnvironmentDriver driver, IReadOnlyList<RunningReplica> replicas, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = replicas.Select(async replica =>
        {
            var target = new InferenceTarget(addresses.Of(replica.Port), command.Model);
            var ready = await probe.WaitAsync(target, command.Template, () => driver.IsRunning(replica), enough.Token);
            return ready ? null : replica;
        }).ToList();
        try
        {
            await foreach (var wait in Task.WhenEach(waits).WithCancellation(cancellationToken))
            {
                if (await wait is { } failed) return failed;
            }

            return null;
        }
        finally
        {
            await enough.CancelAsync();
            await ((Task)Task.WhenAll(waits)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<bool> RecordAsync(IReadOnlyList<RunningReplica> replicas, bool ready, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            foreach (var replica in replicas) await transaction.Db.RecordAsync(replica, ready, token);
            return true;
        }, cancellationToken);

    private Fleet FleetOf(ProvisionEnvironment command, IReadOnlyList<RunningReplica> replicas) => new()
    {
        EnvironmentId = command.EnvironmentId,
        Model = command.Model,
        Version = command.Version,
        Protocol = command.Template.Protocol,
        Inference = command.Template.Inference,
        Replicas = [.. replicas.Select(replica => new Replica { Index = replica.Index, Address = addresses.Of(replica.Port) })],
    };

    private static string Obituary(IEnvironmentDriver driver, RunningReplica replica) =>
        driver.LastWords(replica.EnvironmentId, replica.Index) is { Length: > 0 } words
            ? $"Replica {replica.Index} ended before it was ready. Its last words: {words}"
            : $"Replica {replica.Index} ended before it was ready and wrote nothing.";
}
