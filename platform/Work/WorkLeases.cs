using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Work;

/// <summary>Takes, renews and gives back the right to work on an item.</summary>
internal sealed class WorkLeases<TDb>(
    IServiceScopeFactory scopes, IServiceStore<TDb> store, WriteGate gate, IOptions<WorkOptions> options, TimeProvider clock)
    where TDb : ServiceDbContext
{
    public static string Owner { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Leases up to <paramref name="limit"/> items that wait, or whose worker has fallen silent.</summary>
    public Task<List<WorkItem>> TakeAsync(string kind, int limit, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var now = clock.GetUtcNow();
            var items = await Available(transaction.Db, kind, limit, now).ToListAsync(token);
            foreach (var item in items)
            {
                // A worker that fell silent died, or was cut off from the database: that is not held against the item.
                if (item.State == WorkState.Pending) item.Tries++;
                item.Lease(Owner, now + options.Value.Lease);
            }

            return items;
        }, cancellationToken);

    /// <summary>True when there is anything to lease: a read, so that idle polls do not queue as writers.</summary>
    public Task<bool> AnyAsync(string kind, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.ReadAsync((db, token) => db.WorkItems.AnyAsync(item => item.Kind == kind
            && ((item.State == WorkState.Pending && item.DueAt <= now)
                || (item.State == WorkState.Running && item.LeaseUntil < now)), token), cancellationToken);
    }

    /// <summary>False when the lease is lost: to a newer fence, a cancel, or another worker after silence.</summary>
    public async Task<bool> RenewAsync(WorkItem item, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + options.Value.Lease;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        using (await gate.EnterAsync(cancellationToken))
        {
            return await db.WorkItems
                .Where(row => row.Kind == item.Kind && row.Subject == item.Subject && row.LeaseId == item.LeaseId)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until), cancellationToken) == 1;
        }
    }

    /// <summary>Whether the item is still ours, without renewing it.</summary>
    public Task<bool> HoldsAsync(WorkItem item, CancellationToken cancellationToken) =>
        store.ReadAsync((db, token) => db.WorkItems.AnyAsync(
            row => row.Kind == item.Kind && row.Subject == item.Subject && row.LeaseId == item.LeaseId, token), cancellationToken);

    /// <summary>After a crash of the only process: nobody else can hold these leases.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var running = await transaction.Db.WorkItems.Where(item => item.State == WorkState.Running).ToListAsync(token);
            foreach (var item in running) item.Release(WorkState.Pending, clock.GetUtcNow());
            return running.Count;
        }, cancellationToken);

    private static IQueryable<WorkItem> Available(TDb db, string kind, int limit, DateTimeOffset now)
    {
        if (!db.Database.IsNpgsql())
        {
            return db.WorkItems
                .Where(item => item.Kind == kind && ((item.State == WorkState.Pending && item.DueAt <= now)
                    || (item.State == WorkState.Running && item.LeaseUntil < now)))
                .OrderBy(item => item.DueAt).Take(limit);
        }

        var sql = $"SELECT * FROM \"{db.Schema}\".work_items WHERE kind = {{0}} AND ((state = '{WorkState.Pending}' AND due_at <= {{1}}) "
            + $"OR (state = '{WorkState.Running}' AND lease_until < {{1}})) ORDER BY due_at LIMIT {{2}} FOR UPDATE SKIP LOCKED";
        return db.WorkItems.FromSqlRaw(sql, kind, now, limit);
    }
}
