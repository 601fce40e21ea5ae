using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Reaping;

/// <summary>A round at start, for what a killed predecessor left, then one at every interval.</summary>
internal sealed class ReaperLoop(
    Reaper reaper, DiskSweep disk, IOptions<EnvManagerOptions> options, TimeProvider time, ILogger<Reaper> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await reaper.RunAsync(stoppingToken);
                await disk.RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.ReapingFailed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.ReapInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
