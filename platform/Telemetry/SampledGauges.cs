using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Telemetry;

/// <summary>Gauges whose values cost a query: sampled every 15 s, because counting in a scrape would hold it up.</summary>
/// <param name="what">What is sampled, for the log.</param>
/// <param name="clock">Measures the interval.</param>
/// <param name="log">Where a failed sample is said.</param>
public abstract class SampledGauges(string what, TimeProvider clock, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>What time it is.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>Takes one sample; what it throws is logged, and the next one is taken.</summary>
    protected abstract Task SampleAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            try
            {
                await SampleAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.NotSampled(what, exception);
            }
        }
    }
}
