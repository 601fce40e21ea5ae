using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Watching;

/// <summary>
/// One round over all replicas that should be there. Of live and standby environments what died is started again in its place; of the
/// others it is only reported: an environment under judgement must not be mended behind the judge's back.
/// </summary>
internal sealed class ReplicaWatch(
    IServiceStore<EnvManagerDbContext> store, ReplicaSupervisor supervisor, EnvManagerMetrics metrics)
{
    private readonly Dictionary<(Guid, int), WatchedReplica> _memory = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (environments, replicas, routes) = await store.ReadAsync(ReadAsync, cancellationToken);
        foreach (var gone in _memory.Keys.Except(replicas.Select(row => (row.EnvironmentId, row.Index))).ToList()) _memory.Remove(gone);
        var roles = environments.ToDictionary(row => row.Id, row => RoleIn(routes, row.Id));
        var looks = from replica in replicas
                    let environment = environments[environments.FindIndex(row => row.Id == replica.EnvironmentId)]
                    select supervisor.LookAsync(environment, roles[environment.Id], replica, Remembered(replica), cancellationToken);
        await Task.WhenAll(looks.ToList());
        Report(environments, replicas, roles);
    }

    private static async Task<(List<ServingEnvironment>, List<ServingReplica>, List<EndpointRoute>)> ReadAsync(
        EnvManagerDbContext db, CancellationToken cancellationToken)
    {
        var environments = await db.Environments
            .Where(row => row.State == EnvironmentState.Running || row.State == EnvironmentState.Quarantined).ToListAsync(cancellationToken);
        var replicas = await db.Replicas
            .Where(row => db.Environments.Any(environment => environment.Id == row.EnvironmentId
                && (environment.State == EnvironmentState.Running || environment.State == EnvironmentState.Quarantined)))
            .ToListAsync(cancellationToken);
        replicas.RemoveAll(row => environments.TrueForAll(environment => environment.Id != row.EnvironmentId));
        return (environments, replicas, await db.Routes.ToListAsync(cancellationToken));
    }

    private static EnvironmentRole RoleIn(List<EndpointRoute> routes, Guid environmentId) =>
        routes.Select(route => route.RoleOf(environmentId)).FirstOrDefault(role => role != EnvironmentRole.None);

    private WatchedReplica Remembered(ServingReplica replica)
    {
        if (!_memory.TryGetValue((replica.EnvironmentId, replica.Index), out var watched))
            _memory[(replica.EnvironmentId, replica.Index)] = watched = new WatchedReplica();
        return watched;
    }

    private void Report(
        List<ServingEnvironment> environments, List<ServingReplica> replicas, Dictionary<Guid, EnvironmentRole> roles)
    {
        foreach (var state in new[] { EnvironmentState.Running, EnvironmentState.Quarantined })
            foreach (var role in Enum.GetValues<EnvironmentRole>())
                metrics.Environments(state.ToString(), role.ToString(), environments.Count(row => row.State == state && roles[row.Id] == role));
        foreach (var role in new[] { EnvironmentRole.Live, EnvironmentRole.Standby })
            metrics.Unready(role.ToString(), replicas.Count(row => !row.Ready && roles[row.EnvironmentId] == role));
    }
}
