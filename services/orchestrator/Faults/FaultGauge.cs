using System.Diagnostics.Metrics;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>How many faults nobody has settled yet.</summary>
internal sealed class FaultGauge(IServiceStore<OrchestratorDbContext> store, TimeProvider clock, ILogger<FaultGauge> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private static readonly Gauge<int> Open = PlatformTelemetry.Meter.CreateGauge<int>(
        "bluegreen.faults.open", "{fault}", "Faults that nobody has replayed or discarded.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Open.Record(await store.ReadAsync(
                    (db, token) => db.Faults.CountAsync(row => row.State == FaultState.Open, token), stoppingToken));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.FaultsNotCounted(exception);
            }

            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
