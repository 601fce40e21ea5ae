using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>Reads the routes that changed.</summary>
internal sealed class RouteReader(IServiceStore<RouterDbContext> store)
{
    /// <summary>Only these many of the latest are of use: older deployments' environments are gone.</summary>
    private const int Remembered = 64;

    /// <param name="known">Endpoint → version that the caller has.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public Task<IReadOnlyList<RouteState>> ReadChangedAsync(
        IReadOnlyDictionary<string, long> known, CancellationToken cancellationToken) => store.ReadAsync(async (db, token) =>
        {
            var versions = await db.Routes.Select(row => new { row.Endpoint, row.Version }).ToListAsync(token);
            var states = new List<RouteState>();
            foreach (var route in versions)
            {
                if (known.TryGetValue(route.Endpoint, out var version) && version == route.Version) continue;
                states.Add(await ReadAsync(db, route.Endpoint, token));
            }

            return (IReadOnlyList<RouteState>)states;
        }, cancellationToken);

    private static async Task<RouteState> ReadAsync(RouterDbContext db, string endpoint, CancellationToken cancellationToken)
    {
        // The row first: what is read after it may be newer than its version says, never older.
        var row = await db.Routes.SingleAsync(route => route.Endpoint == endpoint, cancellationToken);
        var vetoed = await db.Vetoes.Where(veto => veto.Endpoint == endpoint)
            .OrderByDescending(veto => veto.RevertedAt).Take(Remembered)
            .Select(veto => new KnownVeto(veto.DeploymentId, veto.RevertedAt)).ToListAsync(cancellationToken);
        var committed = await db.Switches.Where(entry => entry.Endpoint == endpoint && entry.CommittedAt != null)
            .OrderByDescending(entry => entry.CommittedAt).Take(Remembered)
            .Select(entry => entry.DeploymentId).ToListAsync(cancellationToken);
        return new RouteState
        {
            Endpoint = row.Endpoint,
            Path = RouteState.NormalizePath(row.Path),
            Version = row.Version,
            Epoch = row.Epoch,
            Live = row.Live,
            Standby = row.Standby,
            SwitchedAt = row.SwitchedAt,
            Releasing = row.Releasing,
            Committed = committed,
            Vetoed = vetoed,
        };
    }
}
