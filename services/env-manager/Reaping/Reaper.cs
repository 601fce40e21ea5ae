using BlueGreen.EnvManager.Decommissioning;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Reaping;

/// <summary>One round of looking for what costs money and serves nobody: expired environments, half-done teardowns, strays.</summary>
internal sealed class Reaper(
    IServiceStore<EnvManagerDbContext> store,
    Teardown teardown,
    DriverCatalog drivers,
    EnvManagerMetrics metrics,
    TimeProvider time,
    ILogger<Reaper> log)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var driver in drivers.All) await StopStraysAsync(driver, cancellationToken);
        foreach (var environment in await DueAsync(cancellationToken)) await EndAsync(environment, cancellationToken);
    }

    /// <summary>
    /// What runs is listed before the rows are read: a row is always written before anything of its environment starts, so what runs
    /// without a row has none.
    /// </summary>
    private async Task StopStraysAsync(IEnvironmentDriver driver, CancellationToken cancellationToken)
    {
        var running = await driver.ListEnvironmentsAsync(cancellationToken);
        if (running.Count == 0) return;
        var states = await store.ReadAsync((db, token) => db.Environments.Where(row => running.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.State, token), cancellationToken);
        foreach (var id in running)
        {
            var known = states.TryGetValue(id, out var state);
            if (known && state != EnvironmentState.Decommissioned) continue;
            log.StrayFound(id, known ? "it was decommissioned" : "no record of it");
            await driver.StopAsync(id, cancellationToken);
            metrics.Reaped("stray");
        }
    }

    private Task<List<ServingEnvironment>> DueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return store.ReadAsync((db, token) => db.Environments
            .Where(row => row.State == EnvironmentState.Decommissioning
                || (row.ExpiresAt != null && row.ExpiresAt <= now && row.State != EnvironmentState.Decommissioned))
            .ToListAsync(token), cancellationToken);
    }

    private async Task EndAsync(ServingEnvironment environment, CancellationToken cancellationToken)
    {
        var reason = environment.State == EnvironmentState.Quarantined
            ? $"quarantine over ({environment.Reason})"
            : "no route named it before its time to live was over";
        if (await teardown.BeginAsync(environment.Id, reason, cancellationToken) != EnvironmentRole.None) return;
        if (!environment.IsEnding)
        {
            log.Expired(environment.Id, environment.State.ToString(), environment.Model, environment.Version);
            metrics.Reaped("expired");
        }

        await teardown.FinishAsync(environment.Id, () => Task.CompletedTask, cancellationToken);
    }
}
