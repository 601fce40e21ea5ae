using System.Diagnostics;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Work;

/// <summary>Runs one leased item under a heartbeat and commits its outcome together with its end.</summary>
internal sealed class WorkRunner<TDb>(
    IServiceScopeFactory scopes,
    IServiceStore<TDb> store,
    WorkLeases<TDb> leases,
    OutboxPublisher publisher,
    IOptions<WorkOptions> options,
    TimeProvider clock,
    ILogger<WorkRunner<TDb>> log)
    where TDb : ServiceDbContext
{
    public async Task RunAsync(WorkKind<TDb> kind, WorkItem item, CancellationToken stopping)
    {
        using var activity = PlatformTelemetry.Source.StartActivity($"work {item.Kind}", ActivityKind.Consumer, item.TraceParent);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var lease = new Lease(leases, item);
        await using var scope = scopes.CreateAsyncScope();
        var run = kind.Open(scope.ServiceProvider, item.Command);
        var started = clock.GetTimestamp();
        var heartbeat = HeartbeatAsync(item, lost);
        try
        {
            var outcome = await run.RunAsync(lease, lost.Token);
            await FinishAsync(item, outcome, clock.GetElapsedTime(started), stopping);
        }
        catch (WorkFencedException fenced)
        {
            log.WorkFenced(item.Kind, item.Subject, fenced.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await HandBackAsync(item);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            log.WorkFenced(item.Kind, item.Subject, "its lease was lost");
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            await FailAsync(run, item, exception, clock.GetElapsedTime(started), stopping);
        }
        finally
        {
            await lost.CancelAsync();
            await heartbeat;
        }
    }

    private async Task HeartbeatAsync(WorkItem item, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Value.Lease / 3, clock, lost.Token);
                if (await leases.RenewAsync(item, lost.Token)) continue;
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
        catch (Exception exception)
        {
            log.WorkFailed(item.Kind, item.Subject, item.Tries, exception);
            await lost.CancelAsync();
        }
    }

    /// <summary>Second transaction: the outcome and the end of the item commit together, if the item is still ours.</summary>
    private Task<bool> FinishAsync(WorkItem item, WorkOutcome outcome, TimeSpan took, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var row = await OwnedAsync(transaction.Db, item, token);
            if (row is null) return false;
            if (outcome.Write is not null) await outcome.Write(transaction.Db, token);
            var header = new WorkTimeHeader(took);
            foreach (var message in outcome.Messages) await publisher.AddAsync(transaction.Db, message, header, token);
            row.Release(WorkState.Done, clock.GetUtcNow());
            return true;
        }, cancellationToken);

    private async Task FailAsync(IWorkRun run, WorkItem item, Exception exception, TimeSpan took, CancellationToken cancellationToken)
    {
        if (item.Tries >= options.Value.MaxTries)
        {
            log.WorkGivenUp(item.Kind, item.Subject, item.Tries, exception);
            await FinishAsync(item, run.GiveUp($"{exception.Message} (try {item.Tries}, the last)"), took, cancellationToken);
            return;
        }

        log.WorkFailed(item.Kind, item.Subject, item.Tries, exception);
        var backoff = TimeSpan.FromSeconds(Math.Min(30, 0.5 * Math.Pow(2, item.Tries)));
        await store.WriteAsync(async (transaction, token) =>
        {
            var row = await OwnedAsync(transaction.Db, item, token);
            if (row is null) return false;
            row.LastError = exception.Message;
            row.Release(WorkState.Pending, clock.GetUtcNow() + backoff);
            return true;
        }, cancellationToken);
    }

    /// <summary>At shutdown: whoever starts next need not wait for the lease to run out, and the interrupted run is not held against the item.</summary>
    private async Task HandBackAsync(WorkItem item)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
        await store.WriteAsync(async (transaction, token) =>
        {
            var row = await OwnedAsync(transaction.Db, item, token);
            if (row is null) return false;
            row.Tries--;
            row.Release(WorkState.Pending, clock.GetUtcNow());
            return true;
        }, limit.Token);
    }

    private static async Task<WorkItem?> OwnedAsync(TDb db, WorkItem item, CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql())
        {
            return await db.WorkItems.SingleOrDefaultAsync(
                row => row.Kind == item.Kind && row.Subject == item.Subject && row.LeaseId == item.LeaseId, cancellationToken);
        }

        var sql = $"SELECT * FROM \"{db.Schema}\".work_items WHERE kind = {{0}} AND subject = {{1}} AND lease_id = {{2}} FOR UPDATE";
        return (await db.WorkItems.FromSqlRaw(sql, item.Kind, item.Subject, item.LeaseId!).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    private sealed class Lease(WorkLeases<TDb> leases, WorkItem item) : IWorkLease
    {
        public int Try => item.Tries;
        public DateTimeOffset RequestedAt => item.RequestedAt;

        public async Task EnsureHeldAsync(CancellationToken cancellationToken)
        {
            if (!await leases.HoldsAsync(item, cancellationToken))
                throw new WorkFencedException("a newer attempt, a cancel or another worker has taken over");
        }
    }
}
