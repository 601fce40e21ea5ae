using System.Collections.Concurrent;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Switching;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// Remembers for all replicas, and over restarts, where a mark of ours has stood: what has no mark there was changed by somebody else, and only
/// what never had one is taken over. The database is asked where there is no mark, which is rare, and told of the first one that is seen.
/// </summary>
internal sealed class DriverPlaces(IServiceStore<RouterDbContext> store, ReplicaStanding standing, TimeProvider clock, ILogger<DriverPlaces> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Endpoint, string Place), bool> _known = [];
    private readonly ConcurrentDictionary<(string Endpoint, string Place), bool> _stored = [];

    /// <summary>This replica has written there. Whether the target keeps marks is yet to be seen.</summary>
    public void Wrote(DriverRoute route) => _known[KeyOf(route)] = true;

    /// <summary>A mark stands there. To be called at every look that sees one: what could not be stored is tried again, without anybody waiting for it.</summary>
    public void Seen(DriverRoute route)
    {
        var key = KeyOf(route);
        _known[key] = true;
        if (_stored.TryAdd(key, true)) _ = Task.Run(() => StoreAsync(key), CancellationToken.None);
    }

    /// <summary>Whether a mark of ours has stood there before.</summary>
    /// <returns>Null: nobody can tell without the database. A way back does not wait for it, and is told no.</returns>
    public async Task<bool?> WasMarkedAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        var key = KeyOf(route);
        if (_known.ContainsKey(key)) return true;
        if (route.IsReverted) return false;
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var isStored = await store.ReadAsync(
                (db, token) => db.DriverPlaces.AnyAsync(row => row.Endpoint == key.Endpoint && row.Place == key.Place, token), limit.Token)
                .WaitAsync(limit.Token);
            if (isStored) _known[key] = _stored[key] = true;
            return isStored;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.DriverPlaceNotKnown(log, route.Endpoint, exception);
            return null;
        }
    }

    private static (string Endpoint, string Place) KeyOf(DriverRoute route) => (route.Endpoint, route.Settings.Place);

    private async Task StoreAsync((string Endpoint, string Place) key)
    {
        try
        {
            await store.WriteAsync((work, token) => AddAsync(work.Db, key, token), CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.DriverPlaceNotStored(log, key.Endpoint, exception);
            _stored.TryRemove(key, out _);
        }
    }

    /// <summary>Of several replicas that see the first mark at once one adds the row.</summary>
    private async Task<bool> AddAsync(RouterDbContext db, (string Endpoint, string Place) key, CancellationToken cancellationToken)
    {
        var table = db.Database.IsNpgsql() ? $"\"{db.Schema}\".driver_places" : $"{db.Schema}_driver_places";
        var sql = $"INSERT INTO {table} (endpoint, place, seen_by) VALUES ({{0}}, {{1}}, {{2}}) ON CONFLICT DO NOTHING";
        return await db.Database.ExecuteSqlRawAsync(sql, [key.Endpoint, key.Place, standing.Name], cancellationToken) == 1;
    }
}
