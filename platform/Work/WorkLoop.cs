using BlueGreen.Platform.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Work;

/// <summary>Finds work for the free places of a service and runs it; woken by the service's own commits, with a poll behind.</summary>
internal sealed class WorkLoop<TDb>(
    IEnumerable<WorkKind<TDb>> kinds,
    WorkLeases<TDb> leases,
    WorkRunner<TDb> runner,
    WorkHandover<TDb> handover,
    ServiceSignals<TDb> signals,
    DatabaseConnection connection,
    IOptions<WorkOptions> options,
    TimeProvider clock,
    ILogger<WorkLoop<TDb>> log) : BackgroundService
    where TDb : ServiceDbContext
{
    private readonly List<WorkKind<TDb>> _kinds = kinds.ToList();
    private readonly HashSet<Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_kinds.Count == 0) return;
        var isOpen = false;
        long? polled = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isOpen) await OpenAsync(stoppingToken);
                isOpen = true;
                // A wake is about what found no place; the poll is about everything: leases that ran out, pauses that are over.
                var isPoll = polled is not { } last || clock.GetElapsedTime(last) >= options.Value.Poll;
                if (isPoll) polled = clock.GetTimestamp();
                foreach (var kind in _kinds.Where(kind => isPoll || kind.HasBacklog)) await StartAvailableAsync(kind, stoppingToken);
                await signals.Work.WaitAsync(options.Value.Poll, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                log.WorkRoundFailed(typeof(TDb).Name, exception);
                await Task.Delay(options.Value.Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        handover.Open(null);
        await Task.WhenAll(Snapshot());
    }

    /// <summary>What an earlier process held is released before anything is taken: afterwards it could not be told from our own.</summary>
    private async Task OpenAsync(CancellationToken stoppingToken)
    {
        if (!connection.IsPostgres) await leases.ReleaseAllAsync(stoppingToken);
        handover.Open((kind, item) => Track(RunAsync(kind, item, stoppingToken)));
    }

    private async Task StartAvailableAsync(WorkKind<TDb> kind, CancellationToken cancellationToken)
    {
        // Places first: an item is leased only when it can begin at once.
        var places = 0;
        while (kind.Places.Wait(0, cancellationToken)) places++;
        if (places == 0)
        {
            kind.HasBacklog = true;
            // One may have come free before it could know.
            if (kind.Places.CurrentCount > 0) signals.Work.Wake();
            return;
        }

        var taken = 0;
        try
        {
            kind.HasBacklog = false;
            if (!await leases.AnyAsync(kind.Name, cancellationToken)) return;
            var items = await leases.TakeAsync(kind.Name, places, cancellationToken);
            taken = items.Count;
            if (taken == places) kind.HasBacklog = true;
            foreach (var item in items) Track(RunAsync(kind, item, cancellationToken));
        }
        finally
        {
            if (places > taken) kind.Places.Release(places - taken);
        }
    }

    private async Task RunAsync(WorkKind<TDb> kind, WorkItem item, CancellationToken cancellationToken)
    {
        // Off the loop at once: finding the next item must not wait for the synchronous beginning of this one.
        await Task.Yield();
        try
        {
            await runner.RunAsync(kind, item, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The store is away: the lease runs out and the item is taken again.
            log.WorkFailed(item.Kind, item.Subject, item.Tries, exception);
        }
        catch (OperationCanceledException)
        {
            // Shutdown.
        }
        finally
        {
            kind.Places.Release();
            if (kind.HasBacklog) signals.Work.Wake();
        }
    }

    private void Track(Task task)
    {
        lock (_running) _running.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (_running) _running.Remove(done);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private Task[] Snapshot()
    {
        lock (_running) return [.. _running];
    }
}
