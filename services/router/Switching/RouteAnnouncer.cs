using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Says that a route changed: to this process at once, to the others by NOTIFY where the database has it. After the commit and outside
/// of it, because PostgreSQL serialises the commits of transactions that notify.
/// </summary>
internal sealed class RouteAnnouncer(IServiceStore<RouterDbContext> store, RouteSignals signals)
{
    public const string Changes = "bluegreen_route_changes";

    public Task AnnounceAsync(string endpoint, CancellationToken cancellationToken)
    {
        signals.RouteChanged(endpoint);
        return store.ReadAsync(async (db, token) =>
        {
            if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Changes}, {endpoint})", token);
            return true;
        }, cancellationToken);
    }
}
