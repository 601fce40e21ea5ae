using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Capture;

/// <summary>Tells the data plane what the policies want captured, and deletes what is past its time.</summary>
internal sealed class CaptureKeeper(
    IServiceStore<RouterDbContext> store, RoutingTable table, CaptureQueue queue, TimeProvider clock, ILogger<CaptureKeeper> log)
    : BackgroundService
{
    private const int RoundsPerSweep = 12;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (long Revision, EndpointSampler? Sampler)> _samplers = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var round = 0; !stoppingToken.IsCancellationRequested; round++)
        {
            try
            {
                await ApplyAsync(stoppingToken);
                if (round % RoundsPerSweep == 0) await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.CapturesNotKept(fault);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads the policies and hands every live environment the sampler of its endpoint.</summary>
    internal async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync((db, token) => db.CapturePolicies.ToListAsync(token), cancellationToken);
        lock (_samplers)
        {
            foreach (var row in rows)
            {
                if (_samplers.TryGetValue(row.Endpoint, out var known) && known.Revision == row.Revision) continue;
                _samplers[row.Endpoint] = (row.Revision, row.Policy is { } policy ? new EndpointSampler(row.Endpoint, policy, queue, clock) : null);
            }

            foreach (var entry in table.Current.Entries)
            {
                if (entry.Serving is { } serving) serving.Sampler = _samplers.GetValueOrDefault(entry.State.Endpoint).Sampler;
            }
        }
    }

    private Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.WriteAsync(
            (transaction, token) => transaction.Db.Captures.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(token), cancellationToken);
    }
}
