using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Evidence;

/// <summary>Keeps the evidence within its age and size.</summary>
internal sealed class EvidenceSweep(
    EvidenceStore store, BakeStore bakes, IOptions<EvidenceOptions> options, TimeProvider clock, ILogger<EvidenceSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.SweepInterval, clock, stoppingToken);
                if (await bakes.SweepAsync(stoppingToken) is > 0 and var old) logger.BakesSwept(old);
                if (await store.SweepAsync(stoppingToken) is > 0 and var swept) logger.EvidenceSwept(swept);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                logger.EvidenceNotSwept(fault);
            }
        }
    }
}
