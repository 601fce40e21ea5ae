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
                while (await PurgeAsync(stoppingToken) == Batch)
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

    /// <returns>The number of inbox rows removed.</returns>
    internal async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.InboxRetention;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        using (await gate.EnterAsync(cancellationToken))
        {
            await db.WorkItems.Where(item => item.State == WorkState.Done && item.DueAt < before).ExecuteDeleteAsync(cancellationToken);
            var old = db.Inbox.Where(row => row.ReceivedAt < before).OrderBy(row => row.ReceivedAt).Take(Batch).Select(row => row.MessageId);
            return await db.Inbox.Where(row => old.Contains(row.MessageId)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
