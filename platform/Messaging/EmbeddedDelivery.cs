using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>Counts which messages a service's consumers have committed.</summary>
internal interface IInboxIndex
{
    Task<IReadOnlyList<Guid>> ConsumedAsync(IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class InboxIndex<TDb>(IServiceStore<TDb> store) : IInboxIndex where TDb : ServiceDbContext
{
    public Task<IReadOnlyList<Guid>> ConsumedAsync(IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<Guid>>(async (db, token) => await db.Inbox
            .Where(row => messageIds.Contains(row.MessageId)).Select(row => row.MessageId).ToListAsync(token), cancellationToken);
}

/// <summary>
/// The embedded bus loses its queues with the process. So a sent row is kept until as many inbox rows exist as queues consume it,
/// and what is left at start-up is sent again; the inbox absorbs what had been consumed after all.
/// </summary>
internal sealed class EmbeddedDelivery<TDb>(
    IServiceScopeFactory scopes,
    WriteGate gate,
    IEnumerable<IInboxIndex> inboxes,
    ConsumedMessages consumed,
    IOptions<BusOptions> options,
    TimeProvider clock,
    ILogger<EmbeddedDelivery<TDb>> log) : BackgroundService, IHostedLifecycleService
    where TDb : ServiceDbContext
{
    private const int Page = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Runs before any dispatcher starts.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsEmbedded) return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await db.Outbox.Where(row => row.SentAt != null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SentAt, (DateTimeOffset?)null), cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsEmbedded) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, clock, stoppingToken);
                await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.SweepFailed(typeof(TDb).Name, exception);
            }
        }
    }

    /// <summary>Page by page: rows that nobody will ever consume must not hide those behind them.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var after = 0L;
        while (await SweepPageAsync(after, cancellationToken) is { } last) after = last;
    }

    private int Expected(string destination, string messageTypes) =>
        destination.StartsWith(OutboxRows.OneQueue, StringComparison.Ordinal) ? 1 : consumed.QueuesFor(messageTypes);

    /// <returns>The page's last sequence, or null when there was none.</returns>
    private async Task<long?> SweepPageAsync(long after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        var sent = await db.Outbox.AsNoTracking().Where(row => row.SentAt != null && row.Sequence > after).OrderBy(row => row.Sequence)
            .Select(row => new { row.Sequence, row.MessageId, row.MessageTypes, row.Destination }).Take(Page).ToListAsync(cancellationToken);
        if (sent.Count == 0) return null;

        var ids = sent.Select(row => row.MessageId).ToList();
        var counts = new Dictionary<Guid, int>();
        foreach (var inbox in inboxes)
            foreach (var id in await inbox.ConsumedAsync(ids, cancellationToken))
                counts[id] = counts.GetValueOrDefault(id) + 1;

        var done = sent
            .Where(row => counts.GetValueOrDefault(row.MessageId) >= Expected(row.Destination, row.MessageTypes))
            .Select(row => row.Sequence).ToList();
        if (done.Count > 0)
        {
            using (await gate.EnterAsync(cancellationToken))
                await db.Outbox.Where(row => done.Contains(row.Sequence)).ExecuteDeleteAsync(cancellationToken);
        }

        return sent[^1].Sequence;
    }
}
