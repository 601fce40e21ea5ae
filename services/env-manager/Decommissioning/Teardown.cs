using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Decommissioning;

/// <summary>The one way an environment ends, by command or by the reaper: guard and intent in one transaction, then the deed, then the record.</summary>
internal sealed class Teardown(
    IServiceStore<EnvManagerDbContext> store, DriverCatalog drivers, KeyedTurns<Guid> turns, TimeProvider time)
{
    /// <summary>Marks the environment as ending, unless a route names it; the answer is what the route wants of it.</summary>
    public Task<EnvironmentRole> BeginAsync(Guid environmentId, string reason, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var role = await transaction.Db.RoleOfAsync(environmentId, token);
            if (role != EnvironmentRole.None) return role;
            var environment = await transaction.Db.Environments.SingleAsync(row => row.Id == environmentId, token);
            if (!environment.IsEnding) environment.Move(EnvironmentState.Decommissioning, reason);
            return role;
        }, cancellationToken);

    /// <summary>Stops everything of the environment, waits until it is gone and writes that down.</summary>
    /// <param name="environmentId">An environment that is marked as ending.</param>
    /// <param name="guard">Asked right before the deed; throws when it must not be done any more.</param>
    /// <param name="cancellationToken">Stops waiting; what is half torn down is finished by the next who tries.</param>
    public async Task FinishAsync(Guid environmentId, Func<Task> guard, CancellationToken cancellationToken)
    {
        using var turn = await turns.TakeAsync(environmentId, cancellationToken);
        await guard();
        foreach (var driver in drivers.All) await driver.StopAsync(environmentId, cancellationToken);
        await store.WriteAsync(async (transaction, token) =>
        {
            var environment = await transaction.Db.Environments.SingleAsync(row => row.Id == environmentId, token);
            if (environment.State == EnvironmentState.Decommissioning) environment.End(time.GetUtcNow());
            var replicas = await transaction.Db.Replicas.Where(row => row.EnvironmentId == environmentId).ToListAsync(token);
            foreach (var replica in replicas) replica.Ready = false;
            return true;
        }, cancellationToken);
    }
}
