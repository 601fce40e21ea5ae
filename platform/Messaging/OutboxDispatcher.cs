using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Sends a service's own outbox rows: woken by its own commits, with a slow poll behind. Several processes share the work row by row
/// (<c>SKIP LOCKED</c>). A row is deleted after the broker's confirm, so a crash in between sends it twice and the inbox absorbs it.
/// </summary>
internal sealed class OutboxDispatcher<TDb>(
    IServiceScopeFactory scopes,
    IBusControl bus,
    DispatchBus sender,
    WriteGate gate,
    ServiceSignals<TDb> signals,
    DispatchHealth<TDb> health,
    IOptions<BusOptions> options,
    TimeProvider clock,
    ILogger<OutboxDispatcher<TDb>> log) : BackgroundService
    where TDb : ServiceDbContext
{
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(1);
    private readonly BusOptions _options = options.Value;

    /// <summary>
    /// Nothing of the last round was confirmed: the broker is away, or has blocked its publishers. One row at a time asks whether it is
    /// back; the others stay in their table instead of piling up in the client.
    /// </summary>
    private bool _isHeldBack;

    /// <summary>When the table is looked at next without having been woken.</summary>
    private DateTimeOffset _pollAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = await DispatchAsync(stoppingToken);
                await signals.Outbox.WaitAsync(wait, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.DispatchFailed(typeof(TDb).Name, exception);
                await Task.Delay(OutagePause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>How long to wait before the next round unless woken.</returns>
    private async Task<TimeSpan> DispatchAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        var isPostgres = db.Database.IsNpgsql();
        await using var claim = isPostgres ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        var limit = _isHeldBack || IsBrokerAway() ? 1 : _options.DispatchBatch;
        var rows = await Due(db, isPostgres, limit).ToListAsync(cancellationToken);
        if (rows.Count == 0) return await UntilNextAsync(db, cancellationToken);

        var failed = await SendAllAsync(rows, cancellationToken);
        using (await gate.EnterAsync(cancellationToken))
        {
            await SettleAsync(db, rows, failed, cancellationToken);
        }

        if (claim is not null) await claim.CommitAsync(cancellationToken);
        await sender.RenewIfStuckAsync(cancellationToken);
        _isHeldBack = failed.Count == rows.Count;
        if (_isHeldBack)
        {
            health.NothingConfirmed(clock.GetUtcNow(), failed.Values.First().Message);
            return OutagePause;
        }

        health.Confirmed();
        // A full batch: there may be more. Otherwise whoever commits the next row wakes this loop.
        var wait = rows.Count >= limit ? TimeSpan.Zero : _pollAt - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private IQueryable<OutboxMessage> Due(TDb db, bool isPostgres, int limit)
    {
        var now = clock.GetUtcNow();
        if (!isPostgres)
        {
            return db.Outbox.AsNoTracking().Where(row => row.SentAt == null && row.DueAt <= now)
                .OrderBy(row => row.DueAt).ThenBy(row => row.Sequence).Take(limit);
        }

        var sql = $"SELECT * FROM \"{db.Schema}\".outbox WHERE sent_at IS NULL AND due_at <= {{0}} "
            + "ORDER BY due_at, sequence LIMIT {1} FOR UPDATE SKIP LOCKED";
        return db.Outbox.FromSqlRaw(sql, now, limit).AsNoTracking();
    }

    private bool IsBrokerAway() => bus.CheckHealth().Status == BusHealthStatus.Unhealthy;

    private async Task<TimeSpan> UntilNextAsync(TDb db, CancellationToken cancellationToken)
    {
        var next = await db.Outbox.Where(row => row.SentAt == null).MinAsync(row => (DateTimeOffset?)row.DueAt, cancellationToken);
        if (next is null) health.Confirmed();
        var wait = next - clock.GetUtcNow() ?? _options.DispatchPoll;
        // Never zero: a row that is due but locked belongs to another process right now.
        var poll = TimeSpan.FromMilliseconds(Math.Clamp(wait.TotalMilliseconds, 5, _options.DispatchPoll.TotalMilliseconds));
        _pollAt = clock.GetUtcNow() + poll;
        return poll;
    }

    private async Task<Dictionary<long, Exception>> SendAllAsync(List<OutboxMessage> rows, CancellationToken cancellationToken)
    {
        var failed = new Dictionary<long, Exception>();
        await Task.WhenAll(rows.Select(async row =>
        {
            try
            {
                await SendAsync(row, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                log.SendFailed(row.MessageId, row.Destination, exception);
                lock (failed) failed.Add(row.Sequence, exception);
            }
        }));
        return failed;
    }

    private async Task SendAsync(OutboxMessage row, CancellationToken cancellationToken)
    {
        var destination = new Uri(row.Destination);
        using var timeout = new CancellationTokenSource(_options.SendTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var endpoint = await sender.GetSendEndpointAsync(destination);
        IPipe<SendContext> message = new OutboxMessageSendPipe(
            new StoredMessageContext(row, SystemTextJsonMessageSerializer.Instance), destination);
        if (AwaitedMessages.Contains(row.MessageTypes)) message = new AwaitedMessages.Pipe(message);
        try
        {
            // Not every wait within heeds the token.
            await endpoint.Send(new SerializedMessageBody(), message, either.Token).WaitAsync(either.Token);
            sender.Confirmed(destination);
        }
        catch (Exception exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            sender.Unconfirmed(destination);
            throw new TimeoutException($"Not confirmed within {_options.SendTimeout.TotalSeconds:0.###} s.", exception);
        }
    }

    private async Task SettleAsync(
        TDb db, List<OutboxMessage> rows, Dictionary<long, Exception> failed, CancellationToken cancellationToken)
    {
        var sent = rows.Select(row => row.Sequence).Where(sequence => !failed.ContainsKey(sequence)).ToList();
        var now = clock.GetUtcNow();
        if (sent.Count > 0)
        {
            var settled = db.Outbox.Where(row => sent.Contains(row.Sequence));
            // The embedded bus's queues die with the process: the row stays, marked, until its consumers have committed.
            if (_options.IsEmbedded) await settled.ExecuteUpdateAsync(set => set.SetProperty(row => row.SentAt, now), cancellationToken);
            else await settled.ExecuteDeleteAsync(cancellationToken);
        }

        // With the broker away every row fails for the same reason: only a healthy bus tells a poisonous row from an outage.
        if (failed.Count == 0 || IsBrokerAway()) return;
        if (sent.Count == 0 && failed.Values.All(failure => failure is TimeoutException))
        {
            // Blocked, or frozen: nobody's fault. The next row asks next, because this one's queue alone may be what does not answer.
            var soon = now + OutagePause + OutagePause;
            var asked = rows.ConvertAll(row => row.Sequence);
            await db.Outbox.Where(row => asked.Contains(row.Sequence)).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.DueAt, soon).SetProperty(row => row.LastError, failed.Values.First().Message), cancellationToken);
            return;
        }

        foreach (var row in rows.Where(row => failed.ContainsKey(row.Sequence)))
        {
            var dueAt = now + TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(row.Attempts, 6))));
            var error = failed[row.Sequence].Message;
            await db.Outbox.Where(candidate => candidate.Sequence == row.Sequence).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Attempts, r => r.Attempts + 1)
                    .SetProperty(r => r.DueAt, dueAt).SetProperty(r => r.LastError, error), cancellationToken);
        }
    }
}
