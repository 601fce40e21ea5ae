using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Recalls at start which firings have acted, and forgets old alarms.</summary>
internal sealed class AlarmMemory(
    IServiceStore<RollbackDbContext> store,
    ActedAlarms acted,
    IOptionsMonitor<RollbackOptions> options,
    TimeProvider clock,
    ILogger<AlarmMemory> log) : BackgroundService
{
    private const int Recalled = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do await SweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var horizon = clock.GetUtcNow() - options.CurrentValue.AlarmRetention;
        try
        {
            var known = await store.ReadAsync(
                (db, token) => db.Alarms.Where(row => row.RevertedDeploymentId != null)
                    .OrderByDescending(row => row.LastReceivedAt).Take(Recalled)
                    .Select(row => new { row.Key, Deployment = row.RevertedDeploymentId!.Value }).ToListAsync(token),
                cancellationToken);
            foreach (var alarm in known) acted.Remember(alarm.Key, alarm.Deployment);
            await store.WriteAsync(
                (transaction, token) => transaction.Db.Alarms.Where(row => row.LastReceivedAt < horizon).ExecuteDeleteAsync(token),
                cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.AlarmMemoryFailed(exception);
        }
    }
}
