using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>Forgets deliveries that are older than any sender's last repetition.</summary>
internal sealed class DeliveryRetention(
    IServiceStore<RegistryListenerDbContext> store,
    IOptionsMonitor<RegistryListenerOptions> options,
    TimeProvider clock,
    ILogger<DeliveryRetention> log) : BackgroundService
{
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

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var horizon = clock.GetUtcNow() - options.CurrentValue.DeliveryRetention;
        try
        {
            await store.WriteAsync(
                (transaction, token) => transaction.Db.Deliveries.Where(delivery => delivery.ReceivedAt < horizon).ExecuteDeleteAsync(token),
                cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.RetentionFailed(exception);
        }
    }
}
