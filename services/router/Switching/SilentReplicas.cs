using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Replicas that a switch did not wait for, for their leases have run out. Where an endpoint serves last they may go on answering with what was live:
/// nobody can tell one that is cut off from one that is gone. A receipt that kept quiet about them would say more than is known.
/// </summary>
internal sealed class SilentReplicas(
    ReplicaRegistry registry, IServiceStore<RouterDbContext> store, DatabaseClock time, IOptions<RouterOptions> options)
{
    /// <param name="endpoint">What was switched.</param>
    /// <param name="heard">Who was waited for.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <returns>Where the endpoint is fenced, only those that cannot know it: without a lease the others answer 503.</returns>
    public async Task<IReadOnlyList<RouterAcknowledgement>> OfAsync(
        string endpoint, IReadOnlyList<ReplicaStatus> heard, CancellationToken cancellationToken)
    {
        var route = await store.ReadAsync((db, token) => db.Routes.SingleAsync(row => row.Endpoint == endpoint, token), cancellationToken);
        var known = await registry.StatusAsync(endpoint, options.Value.ForgetReplicaAfter, cancellationToken);
        var now = time.Now;
        return
        [
            .. known.Where(replica => heard.All(other => other.Name != replica.Name) && now - replica.RenewedAt > options.Value.LeaseTtl)
                .Where(replica => !route.Settings.IsFenced || replica.Version < route.FencedSince)
                .Select(replica => new RouterAcknowledgement
                {
                    Router = replica.Name,
                    Problem = $"Not heard of for {(now - replica.RenewedAt).TotalSeconds:F0} s: if it runs still, it answers with what it knew last.",
                }),
        ];
    }

    /// <summary>
    /// Replicas, with a lease or without, that have not acknowledged any version of the route in which it was fenced already: without their
    /// lease they do not stop, and so no strict switch can do without them.
    /// </summary>
    public Task<string[]> UnfencedAsync(RouterDbContext db, RouteRow route, CancellationToken cancellationToken)
    {
        if (route.FencedSince == 0) return Task.FromResult(Array.Empty<string>());
        var (endpoint, version, since) = (route.Endpoint, route.FencedSince, time.Now - options.Value.ForgetReplicaAfter);
        return db.Replicas.Where(replica => replica.RenewedAt >= since)
            .Where(replica => !db.Acknowledgements.Any(row => row.Replica == replica.Name && row.Endpoint == endpoint && row.Version >= version))
            .Select(replica => replica.Name).Order().ToArrayAsync(cancellationToken);
    }
}
