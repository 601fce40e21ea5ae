using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>Forgets handled message ids and finished work items once no message about them can still be under way.</summary>
internal sealed class DurabilityRetention<TDb>(
    IServiceScopeFactory scopes, WriteGate gate, IOptions<BusOptions> options, TimeProvider clock, ILogger<DurabilityRetention<TDb>> log)
    : BackgroundService where TDb : ServiceDbContext
{
    private const int Batch = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, clock, stoppingToken);
                while (await PurgeAsync(stoppingToken) >= Batch)
                {
                    // Batch by batch, so that no writer waits long.
                }
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

    /// <returns>The larger of the two numbers of rows removed; at least <see cref="Batch"/> when there may be more.</returns>
    internal async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.InboxRetention;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        using (await gate.EnterAsync(cancellationToken))
        {
            var finished = db.WorkItems.Where(item => item.State == WorkState.Done && item.DueAt < before);
            var subjects = finished.OrderBy(item => item.DueAt).Take(Batch).Select(item => item.Subject);
            var items = await finished.Where(item => subjects.Contains(item.Subject)).ExecuteDeleteAsync(cancellationToken);
            var handled = db.Inbox.Where(row => row.ReceivedAt < before);
            var ids = handled.OrderBy(row => row.ReceivedAt).Take(Batch).Select(row => row.MessageId);
            var rows = await handled.Where(row => ids.Contains(row.MessageId)).ExecuteDeleteAsync(cancellationToken);
            return Math.Max(items, rows);
        }
    }
}
