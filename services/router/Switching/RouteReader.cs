using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>Reads routes: everything that replicas need is in their rows.</summary>
internal sealed class RouteReader(IServiceStore<RouterDbContext> store)
{
    /// <summary>The routes that changed.</summary>
    /// <param name="known">Endpoint → version that the caller has.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public Task<IReadOnlyList<RouteState>> ReadChangedAsync(
        IReadOnlyDictionary<string, long> known, CancellationToken cancellationToken) => store.ReadAsync(async (db, token) =>
        {
            var versions = await db.Routes.Select(row => new { row.Endpoint, row.Version }).ToListAsync(token);
            var changed = versions
                .Where(route => !known.TryGetValue(route.Endpoint, out var version) || version != route.Version)
                .Select(route => route.Endpoint).ToArray();
            return changed.Length == 0 ? [] : await ReadAsync(db, changed, token);
        }, cancellationToken);

    /// <summary>These routes, changed or not; one that does not exist is left out.</summary>
    public Task<IReadOnlyList<RouteState>> ReadAsync(IReadOnlyCollection<string> endpoints, CancellationToken cancellationToken) =>
        store.ReadAsync((db, token) => ReadAsync(db, endpoints, token), cancellationToken);

    private static async Task<IReadOnlyList<RouteState>> ReadAsync(
        RouterDbContext db, IReadOnlyCollection<string> endpoints, CancellationToken cancellationToken)
    {
        var rows = await db.Routes.Where(row => endpoints.Contains(row.Endpoint)).ToListAsync(cancellationToken);
        return rows.ConvertAll(Describe);
    }

    public static RouteState Describe(RouteRow row) => new()
    {
        Endpoint = row.Endpoint,
        Path = RouteState.NormalizePath(row.Path),
        Version = row.Version,
        Epoch = row.Epoch,
        Live = row.Live,
        Standby = row.Standby,
        SwitchedAt = row.SwitchedAt,
        Releasing = row.Releasing,
        Preparing = row.Preparing,
        Candidate = row.Candidate,
        Settings = row.Settings,
        Shift = row.Shift,
        Committed = row.Memory.Committed,
        Vetoed = row.Memory.Vetoed,
    };
}
