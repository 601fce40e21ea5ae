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
    public const string Acknowledgements = "bluegreen_route_acknowledgements";

    public Task AnnounceAsync(string endpoint, CancellationToken cancellationToken)
    {
        signals.Changed.Fire();
        return NotifyAsync(Changes, endpoint, cancellationToken);
    }

    public Task AnnounceAcknowledgementAsync(string replica, CancellationToken cancellationToken)
    {
        signals.Acknowledged.Fire();
        return NotifyAsync(Acknowledgements, replica, cancellationToken);
    }

    private Task<bool> NotifyAsync(string channel, string payload, CancellationToken cancellationToken) => store.ReadAsync(async (db, token) =>
    {
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"SELECT pg_notify({channel}, {payload})", token);
        return true;
    }, cancellationToken);
}
