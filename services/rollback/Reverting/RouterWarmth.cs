using BlueGreen.Rollback.Alarms;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Reverting;

/// <summary>Keeps the connections to the routers open and the code on the way hot: an alarm must not pay for a handshake.</summary>
internal sealed class RouterWarmth(
    IRouterReverts routers,
    AlarmRehearsal rehearsal,
    IOptionsMonitor<RollbackOptions> options,
    TimeProvider clock,
    ILogger<RouterWarmth> log) : BackgroundService
{
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);
    private int _answering = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var answering = await routers.KeepWarmAsync(stoppingToken);
                if (answering != _answering)
                {
                    log.RoutersAnswering(answering);
                    if (answering > 0) await rehearsal.RunAsync(stoppingToken);
                }

                _answering = answering;
                await Task.Delay(answering == 0 ? FirstInterval : options.CurrentValue.KeepWarmInterval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }
}
