using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Watching;

/// <summary>Watches for as long as the process lives; the first round also finds what a predecessor left running.</summary>
internal sealed class ReplicaWatchLoop(ReplicaWatch watch, IOptions<EnvManagerOptions> options, TimeProvider time, ILogger<ReplicaWatch> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await watch.RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.WatchingFailed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.WatchInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
