using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Serving;

/// <summary>
/// Keeps env-manager's copy of the routes, within a consumer's transaction. What a route names does not expire; what it no longer
/// names has its unserved time to live from now.
/// </summary>
internal sealed class RouteBook(EnvManagerDbContext db, TimeProvider time, ILogger<RouteBook> log)
{
    /// <summary>The route as of an epoch. Older news than what is known changes nothing.</summary>
    public async Task SetAsync(string endpoint, long epoch, Guid? live, Guid? standby, CancellationToken cancellationToken)
    {
        var route = await db.Routes.FindAsync([endpoint], cancellationToken);
        if (route is null) db.Routes.Add(route = new EndpointRoute { Endpoint = endpoint, Epoch = long.MinValue });
        if (epoch <= route.Epoch) return;
        if (standby is { } back && await IsReleasedAsync(back, cancellationToken)) standby = null;
        var before = Named(route);
        (route.Epoch, route.LiveEnvironmentId, route.StandbyEnvironmentId) = (epoch, live, standby);
        await FollowAsync(route, before, cancellationToken);
    }

    /// <summary>
    /// The endpoint's standby was let go of, for ever: should the news of the switch that made it standby arrive only now, it does not
    /// become one again.
    /// </summary>
    public async Task ReleaseAsync(string endpoint, Guid environmentId, CancellationToken cancellationToken)
    {
        if (await db.Environments.FindAsync([environmentId], cancellationToken) is { } environment) environment.Release();
        var route = await db.Routes.FindAsync([endpoint], cancellationToken);
        if (route is null || route.StandbyEnvironmentId != environmentId) return;
        var before = Named(route);
        route.StandbyEnvironmentId = null;
        await FollowAsync(route, before, cancellationToken);
    }

    private static HashSet<Guid> Named(EndpointRoute route) =>
        [.. new[] { route.LiveEnvironmentId, route.StandbyEnvironmentId }.OfType<Guid>()];

    private async Task<bool> IsReleasedAsync(Guid environmentId, CancellationToken cancellationToken) =>
        await db.Environments.FindAsync([environmentId], cancellationToken) is { Released: true };

    private async Task FollowAsync(EndpointRoute route, HashSet<Guid> before, CancellationToken cancellationToken)
    {
        var now = Named(route);
        var concerned = before.Union(now).ToList();
        foreach (var environment in await db.Environments.Where(row => concerned.Contains(row.Id)).ToListAsync(cancellationToken))
        {
            var named = now.Contains(environment.Id);
            if (environment.IsEnding)
            {
                if (named) log.RouteNamesLostEnvironment(
                    route.Endpoint, environment.Id, route.RoleOf(environment.Id).ToString(), environment.State.ToString());
            }
            else if (environment.State != EnvironmentState.Quarantined)
            {
                environment.Expire(named ? null : time.GetUtcNow() + environment.UnservedTtl);
            }
        }

        log.RouteLearnt(route.Endpoint, route.Epoch, route.LiveEnvironmentId, route.StandbyEnvironmentId);
    }
}
