using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>The router replicas and what each has acknowledged.</summary>
internal sealed class ReplicaRegistry(IServiceStore<RouterDbContext> store, TimeProvider clock)
{
    /// <summary>Registers the replica or renews its lease.</summary>
    public Task<DateTimeOffset> RenewAsync(string replica, CancellationToken cancellationToken) => store.WriteAsync(async (work, token) =>
    {
        var now = clock.GetUtcNow();
        var row = await work.Db.Replicas.FindAsync([replica], token);
        if (row is null) work.Db.Replicas.Add(new ReplicaRow { Name = replica, RenewedAt = now });
        else row.RenewedAt = now;
        return now;
    }, cancellationToken);

    public Task AcknowledgeAsync(
        string replica, IReadOnlyList<RouteAcknowledgement> routes, DateTimeOffset appliedAt, CancellationToken cancellationToken) =>
        store.WriteAsync(async (work, token) =>
        {
            var endpoints = routes.Select(route => route.Endpoint).ToArray();
            var rows = await work.Db.Acknowledgements.Where(row => row.Replica == replica && endpoints.Contains(row.Endpoint))
                .ToDictionaryAsync(row => row.Endpoint, token);
            foreach (var route in routes)
            {
                if (!rows.TryGetValue(route.Endpoint, out var row))
                {
                    row = new AcknowledgementRow
                    {
                        Replica = replica,
                        Endpoint = route.Endpoint,
                        Version = 0,
                        Epoch = 0,
                        AppliedAt = appliedAt,
                    };
                    work.Db.Acknowledgements.Add(row);
                }

                (row.Version, row.Epoch, row.AppliedAt) = (route.Version, route.Epoch, appliedAt);
            }

            return true;
        }, cancellationToken);

    /// <summary>Takes a replica off the books that refuses every revert from now on.</summary>
    public Task RemoveAsync(string replica, CancellationToken cancellationToken) => store.WriteAsync(async (work, token) =>
    {
        await work.Db.Acknowledgements.Where(row => row.Replica == replica).ExecuteDeleteAsync(token);
        await work.Db.Replicas.Where(row => row.Name == replica).ExecuteDeleteAsync(token);
        return true;
    }, cancellationToken);

    /// <summary>Replicas heard of within <paramref name="within"/>, each with what it acknowledged of the endpoint.</summary>
    public Task<IReadOnlyList<ReplicaStatus>> StatusAsync(string endpoint, TimeSpan within, CancellationToken cancellationToken) =>
        store.ReadAsync(async (db, token) =>
        {
            var since = clock.GetUtcNow() - within;
            var acknowledged = await db.Acknowledgements.Where(row => row.Endpoint == endpoint).ToDictionaryAsync(row => row.Replica, token);
            var replicas = await db.Replicas.Where(row => row.RenewedAt >= since).OrderBy(row => row.Name).ToListAsync(token);
            return (IReadOnlyList<ReplicaStatus>)replicas.Select(row =>
            {
                var last = acknowledged.GetValueOrDefault(row.Name);
                return new ReplicaStatus(row.Name, row.RenewedAt, last?.Version ?? 0, last?.AppliedAt);
            }).ToArray();
        }, cancellationToken);
}

/// <param name="Name">The replica.</param>
/// <param name="RenewedAt">When it was heard of last.</param>
/// <param name="Version">Newest version it acknowledged; 0: none.</param>
/// <param name="AppliedAt">When, by its own clock.</param>
internal sealed record ReplicaStatus(string Name, DateTimeOffset RenewedAt, long Version, DateTimeOffset? AppliedAt);
