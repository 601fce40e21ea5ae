using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>
/// The router replicas and what each has acknowledged. On PostgreSQL a renewal and an acknowledgement are one round trip each, and the
/// latter's commit does not wait for the disk: whatever was decided on one that a crash of the server takes back is behind it in the log,
/// and so was taken back with it. A renewal waits: its replica counts on it.
/// </summary>
internal sealed class ReplicaRegistry(IServiceStore<RouterDbContext> store, AcknowledgementBoard board, DatabaseClock time)
{
    public const string Acknowledgements = "bluegreen_route_acknowledgements";

    private const string Renew =
        """
        INSERT INTO router.replicas AS r (name, renewed_at) VALUES (@p0, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET renewed_at = excluded.renewed_at RETURNING r.renewed_at AS "Value"
        """;

    private const string Acknowledge =
        $"""
        SELECT set_config('synchronous_commit', 'off', true);
        INSERT INTO router.acknowledgements (replica, endpoint, version, epoch, applied_at, held_milliseconds)
        SELECT @p0, e, v, m, a, h FROM unnest(@p1, @p2, @p3, @p4, @p5) AS acknowledged (e, v, m, a, h)
        ON CONFLICT (replica, endpoint) DO UPDATE SET version = excluded.version, epoch = excluded.epoch,
            applied_at = excluded.applied_at, held_milliseconds = excluded.held_milliseconds;
        SELECT pg_notify('{Acknowledgements}', @p6)
        """;

    /// <summary>Registers the replica or renews its lease.</summary>
    /// <returns>When, by the database's clock.</returns>
    public async Task<DateTimeOffset> RenewAsync(string replica, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync((db, token) => TryRenewAsync(db, replica, token), cancellationToken) is not { } renewed)
            return await RenewHereAsync(replica, cancellationToken);
        time.Set(renewed);
        return renewed;
    }

    public async Task AcknowledgeAsync(string replica, IReadOnlyList<RouteAcknowledgement> routes, CancellationToken cancellationToken)
    {
        var heard = routes.Select(route => new HeardAcknowledgement(
            route.Endpoint, route.Version, time.At(route.AppliedAt).ToUniversalTime(), route.HeldMilliseconds)).ToArray();
        if (!await store.ReadAsync((db, token) => TryAcknowledgeAsync(db, replica, routes, heard, token), cancellationToken))
            await AcknowledgeHereAsync(replica, routes, heard, cancellationToken);
        board.Hear(replica, heard);
    }

    /// <summary>Takes a replica off the books: one that refuses every revert from now on, or that an operator says is gone for good.</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> RemoveAsync(string replica, CancellationToken cancellationToken) => store.WriteAsync(async (work, token) =>
    {
        await work.Db.Acknowledgements.Where(row => row.Replica == replica).ExecuteDeleteAsync(token);
        return await work.Db.Replicas.Where(row => row.Name == replica).ExecuteDeleteAsync(token) > 0;
    }, cancellationToken);

    /// <summary>Replicas heard of within <paramref name="within"/>, each with what it acknowledged of the endpoint.</summary>
    public Task<IReadOnlyList<ReplicaStatus>> StatusAsync(string endpoint, TimeSpan within, CancellationToken cancellationToken) =>
        store.ReadAsync(async (db, token) =>
        {
            var since = time.Now - within;
            var rows = await db.Replicas.Where(replica => replica.RenewedAt >= since).OrderBy(replica => replica.Name)
                .Select(replica => new
                {
                    replica.Name,
                    replica.RenewedAt,
                    Last = db.Acknowledgements.SingleOrDefault(row => row.Replica == replica.Name && row.Endpoint == endpoint),
                }).ToListAsync(token);
            return (IReadOnlyList<ReplicaStatus>)rows.ConvertAll(row =>
                new ReplicaStatus(row.Name, row.RenewedAt, row.Last?.Version ?? 0, row.Last?.AppliedAt, row.Last?.HeldMilliseconds));
        }, cancellationToken);

    /// <summary>Every replica and when it was heard of last.</summary>
    public Task<Dictionary<string, DateTimeOffset>> AllAsync(CancellationToken cancellationToken) => store.ReadAsync(
        (db, token) => db.Replicas.ToDictionaryAsync(row => row.Name, row => row.RenewedAt, token), cancellationToken);

    private static async Task<DateTimeOffset?> TryRenewAsync(RouterDbContext db, string replica, CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql()) return null;
        var renewed = await db.Database.SqlQueryRaw<DateTimeOffset>(Renew, replica).ToListAsync(cancellationToken);
        return renewed.Single();
    }

    private static async Task<bool> TryAcknowledgeAsync(
        RouterDbContext db, string replica, IReadOnlyList<RouteAcknowledgement> routes, IReadOnlyList<HeardAcknowledgement> heard,
        CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql()) return false;
        await db.Database.ExecuteSqlRawAsync(
            Acknowledge,
            [
                replica, heard.Select(route => route.Endpoint).ToArray(), heard.Select(route => route.Version).ToArray(),
                routes.Select(route => route.Epoch).ToArray(), heard.Select(route => route.AppliedAt).ToArray(),
                heard.Select(route => route.HeldMilliseconds).ToArray(), new AcknowledgementNews(replica, heard).Write(),
            ], cancellationToken);
        return true;
    }

    private Task<DateTimeOffset> RenewHereAsync(string replica, CancellationToken cancellationToken) => store.WriteAsync(async (work, token) =>
    {
        var now = time.Now;
        var row = await work.Db.Replicas.FindAsync([replica], token);
        if (row is null) work.Db.Replicas.Add(new ReplicaRow { Name = replica, RenewedAt = now });
        else row.RenewedAt = now;
        return now;
    }, cancellationToken);

    private Task<bool> AcknowledgeHereAsync(
        string replica, IReadOnlyList<RouteAcknowledgement> routes, IReadOnlyList<HeardAcknowledgement> heard, CancellationToken cancellationToken) =>
        store.WriteAsync(async (work, token) =>
        {
            var endpoints = routes.Select(route => route.Endpoint).ToArray();
            var rows = await work.Db.Acknowledgements.Where(row => row.Replica == replica && endpoints.Contains(row.Endpoint))
                .ToDictionaryAsync(row => row.Endpoint, token);
            foreach (var (route, appliedAt) in routes.Zip(heard, (route, said) => (route, said.AppliedAt)))
            {
                if (!rows.TryGetValue(route.Endpoint, out var row))
                {
                    row = new AcknowledgementRow { Replica = replica, Endpoint = route.Endpoint, Version = 0, Epoch = 0, AppliedAt = appliedAt };
                    work.Db.Acknowledgements.Add(row);
                }

                (row.Version, row.Epoch, row.AppliedAt, row.HeldMilliseconds) = (route.Version, route.Epoch, appliedAt, route.HeldMilliseconds);
            }

            return true;
        }, cancellationToken);
}
