using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>Forgets faults that were settled long ago: each has the whole of its message with it.</summary>
internal sealed class FaultRetention(
    IServiceStore<OrchestratorDbContext> store, IOptionsMonitor<FaultOptions> options, TimeProvider clock, ILogger<FaultRetention> log)
    : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await ForgetAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    internal async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var horizon = clock.GetUtcNow() - options.CurrentValue.Retention;
        try
        {
            // Batch by batch, so that no writer waits long.
            while (await store.WriteAsync((transaction, token) => BatchAsync(transaction.Db, horizon, token), cancellationToken) == Batch)
            {
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.FaultsNotForgotten(exception);
        }
    }

    private static Task<int> BatchAsync(OrchestratorDbContext db, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var settled = db.Faults.Where(fault => fault.State != FaultState.Open && fault.SettledAt < horizon);
        var oldest = settled.OrderBy(fault => fault.SettledAt).Take(Batch).Select(fault => fault.Id);
        return db.Faults.Where(fault => oldest.Contains(fault.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
