using System.Threading.Channels;
using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>
/// Stores what authentic webhooks say, once: their rows and <c>ModelPromoted</c> commit together. Webhooks that arrive while a transaction is
/// under way share the next one, so that the number of commits does not grow with the number of senders.
/// </summary>
internal sealed class PromotionIntake(
    IServiceStore<RegistryListenerDbContext> store,
    IOptionsMonitor<RegistryListenerOptions> options,
    ILogger<PromotionIntake> log) : BackgroundService
{
    private const int Tries = 3;
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(options.CurrentValue.QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>
    /// What became of each event, once it is committed; null when too many are waiting already. Throws when the database cannot be had.
    /// </summary>
    public async Task<IReadOnlyList<Acceptance>?> AcceptAsync(Incoming incoming, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(incoming, cancellationToken);
        return _queue.Writer.TryWrite(waiting) ? await waiting.Done.Task.WaitAsync(cancellationToken) : null;
    }

    /// <summary>Stores a promotion to an endpoint of its model's and mark's name, and takes both back.</summary>
    public Task RehearseAsync(Incoming incoming, CancellationToken cancellationToken) => store.RehearseAsync(async (transaction, token) =>
    {
        var promotion = ((EventReading.Promoted)incoming.Events[0].Reading).Promotion;
        transaction.Db.Endpoints.Add(new KnownEndpoint { Name = promotion.Model, PromotionStage = promotion.Marks[0].Stage!, Revision = 0 });
        await transaction.Db.SaveChangesAsync(token);
        transaction.Db.ChangeTracker.Clear();
        var ledger = await PromotionLedger.LoadAsync(transaction, [incoming], token);
        await ledger.DecideAsync(incoming, token);
    }, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken)) await StoreAsync(Next(), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    private List<Waiting> Next()
    {
        var batch = new List<Waiting>();
        while (batch.Count < options.CurrentValue.BatchLimit && _queue.Reader.TryRead(out var waiting))
        {
            // Nobody waits for it any more: its sender was told to come again.
            if (waiting.Cancelled.IsCancellationRequested) waiting.Done.TrySetCanceled(waiting.Cancelled);
            else batch.Add(waiting);
        }

        return batch;
    }

    private async Task StoreAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0) return;
        try
        {
            await StoreOnceAsync(batch, cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another process stored one of these ids, or promoted the same model, meanwhile. Apart, only that one has to look again.
            foreach (var waiting in batch) await StoreAloneAsync(waiting, cancellationToken);
        }
        catch (Exception exception)
        {
            foreach (var waiting in batch) waiting.Done.TrySetException(exception);
        }
    }

    private async Task StoreAloneAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StoreOnceAsync([waiting], cancellationToken);
                return;
            }
            catch (DbUpdateException) when (attempt < Tries)
            {
                // The other one holds the key, and now this one finds its row.
            }
            catch (Exception exception)
            {
                waiting.Done.TrySetException(exception);
                return;
            }
        }
    }

    private async Task StoreOnceAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        var limit = options.CurrentValue.StoreTimeout;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        var decisions = await store.WriteAsync(async (transaction, token) =>
        {
            var ledger = await PromotionLedger.LoadAsync(transaction, [.. batch.Select(waiting => waiting.Incoming)], token);
            var decided = new List<IReadOnlyList<Acceptance>>(batch.Count);
            foreach (var waiting in batch) decided.Add(await ledger.DecideAsync(waiting.Incoming, token));
            return decided;
        }, timeout.Token);
        foreach (var (waiting, decided) in batch.Zip(decisions))
        {
            waiting.Done.TrySetResult(decided);
            Tell(waiting.Incoming, decided);
        }
    }

    private void Tell(Incoming incoming, IReadOnlyList<Acceptance> decided)
    {
        for (var index = 0; index < decided.Count; index++)
        {
            if (decided[index] is Acceptance.Accepted { Duplicate: false } accepted)
                log.PromotionAccepted(accepted.DeploymentId, accepted.Endpoint, incoming.KeyOf(index), incoming.Source);
            else if (decided[index] is Acceptance.Ignored { Duplicate: false } ignored)
                log.PromotionIgnored(incoming.KeyOf(index), incoming.Source, ignored.Reason);
        }
    }

    private sealed record Waiting(Incoming Incoming, CancellationToken Cancelled)
    {
        // Whoever waits must not run on this loop: the next transaction would wait for its answer to be written.
        public TaskCompletionSource<IReadOnlyList<Acceptance>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
