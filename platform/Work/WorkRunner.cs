using System.Diagnostics;
using System.Text;
using BlueGreen.Platform.Faults;
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
    ServiceName<TDb> service,
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
        IWorkRun? run = null;
        var started = clock.GetTimestamp();
        var heartbeat = HeartbeatAsync(item, lost);
        try
        {
            run = kind.Open(scope.ServiceProvider, item.Command);
            var outcome = await run.RunAsync(lease, lost.Token);
            await FinishAsync(item, outcome, null, clock.GetElapsedTime(started), stopping);
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

    /// <summary>A database that does not answer takes nothing away: the work goes on for as long as the lease that was given last.</summary>
    private async Task HeartbeatAsync(WorkItem item, CancellationTokenSource lost)
    {
        var lease = options.Value.Lease;
        var until = item.LeaseUntil ?? clock.GetUtcNow() + lease;
        var pause = lease / 3;
        try
        {
            while (true)
            {
                await Task.Delay(pause, clock, lost.Token);
                var asked = clock.GetUtcNow();
                var isRenewed = await TryRenewAsync(item, until - asked, lost.Token);
                if (isRenewed == true) until = asked + lease;
                if (isRenewed == false || clock.GetUtcNow() >= until) break;
                pause = isRenewed is null ? lease / 15 : lease / 3;
            }

            await lost.CancelAsync();
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    /// <summary>Null: the database did not say whether the lease is still ours.</summary>
    private async Task<bool?> TryRenewAsync(WorkItem item, TimeSpan left, CancellationToken cancellationToken)
    {
        // Even a late question is worth asking: the item is ours until somebody else takes it.
        var least = options.Value.Lease / 15;
        using var limit = new CancellationTokenSource(left > least ? left : least, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await leases.RenewAsync(item, either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            log.RenewalFailed(item.Kind, item.Subject, exception);
            return null;
        }
    }

    /// <summary>Second transaction: the outcome and the end of the item commit together, if the item is still ours.</summary>
    private Task<bool> FinishAsync(
        WorkItem item, WorkOutcome outcome, Exception? error, TimeSpan took, CancellationToken cancellationToken) =>
        SettleAsync(item, async (transaction, token) =>
        {
            var row = await OwnedAsync(transaction.Db, item, token);
            if (row is null) return false;
            if (outcome.Write is not null) await outcome.Write(transaction.Db, token);
            var header = new WorkTimeHeader(took);
            foreach (var message in outcome.Messages) await publisher.AddAsync(transaction.Db, message, header, token);
            if (error is not null)
            {
                row.LastError = error.Message;
                await transaction.PublishAsync(
                    FaultRecords.OfWork(
                        service.Value, item.Kind, Encoding.UTF8.GetBytes(item.Command), error, outcome.Messages.Count > 0, clock.GetUtcNow()), token);
            }

            row.Release(WorkState.Done, clock.GetUtcNow());
            return true;
        }, cancellationToken);

    /// <summary>Work that is done is not done again because the database was away at its end: the lease decides whether it still counts.</summary>
    private Task<bool> SettleAsync(
        WorkItem item, Func<ServiceTransaction<TDb>, CancellationToken, Task<bool>> write, CancellationToken cancellationToken) =>
        Outage.OutlastAsync(
            ending => store.WriteAsync(write, ending), exception => log.SettlingPostponed(item.Kind, item.Subject, exception), clock, cancellationToken);

    /// <summary>Without a run the item could not even be opened: it ends without an outcome, because there is nobody to give one.</summary>
    private async Task FailAsync(IWorkRun? run, WorkItem item, Exception exception, TimeSpan took, CancellationToken cancellationToken)
    {
        var isOutage = Outage.IsCauseOf(exception);
        if (!isOutage && item.Tries >= options.Value.MaxTries)
        {
            log.WorkGivenUp(item.Kind, item.Subject, item.Tries, exception);
            var outcome = run?.GiveUp($"{exception.Message} (try {item.Tries}, the last)") ?? WorkOutcome.Silent;
            await FinishAsync(item, outcome, exception, took, cancellationToken);
            return;
        }

        log.WorkFailed(item.Kind, item.Subject, item.Tries, exception);
        var backoff = isOutage ? Outage.Pause(2) : TimeSpan.FromSeconds(Math.Min(30, 0.5 * Math.Pow(2, item.Tries)));
        await SettleAsync(item, async (transaction, token) =>
        {
            var row = await OwnedAsync(transaction.Db, item, token);
            if (row is null) return false;
            if (isOutage) row.Tries--;
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
