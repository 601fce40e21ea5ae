using System.Diagnostics.Metrics;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>How many faults nobody has settled yet.</summary>
internal sealed class FaultGauge(IServiceStore<OrchestratorDbContext> store, TimeProvider clock, ILogger<FaultGauge> log)
    : SampledGauges("Open faults", clock, log)
{
    private static readonly Gauge<int> Open = PlatformTelemetry.Meter.CreateGauge<int>(
        "bluegreen.faults.open", "{fault}", "Faults that nobody has replayed or discarded.");

    protected override async Task SampleAsync(CancellationToken cancellationToken) =>
        Open.Record(await store.ReadAsync((db, token) => db.Faults.CountAsync(row => row.State == FaultState.Open, token), cancellationToken));
}
