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
    /// <returns>Nobody where the endpoint is fenced: without a lease they answer 503.</returns>
    public async Task<IReadOnlyList<RouterAcknowledgement>> OfAsync(
        string endpoint, IReadOnlyList<ReplicaStatus> heard, CancellationToken cancellationToken)
    {
        var settings = await store.ReadAsync(
            async (db, token) => (await db.Routes.SingleAsync(row => row.Endpoint == endpoint, token)).Settings, cancellationToken);
        if (settings.IsFenced) return [];
        var known = await registry.StatusAsync(endpoint, options.Value.ForgetReplicaAfter, cancellationToken);
        var now = time.Now;
        return
        [
            .. known.Where(replica => heard.All(other => other.Name != replica.Name) && now - replica.RenewedAt > options.Value.LeaseTtl)
                .Select(replica => new RouterAcknowledgement
                {
                    Router = replica.Name,
                    Problem = $"Not heard of for {(now - replica.RenewedAt).TotalSeconds:F0} s: if it runs still, it answers with what it knew last.",
                }),
        ];
    }
}
