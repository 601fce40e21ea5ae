using BlueGreen.EnvManager.Drivers;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Decommissioning;

/// <summary>
/// Stops all model servers after everything else of the process has stopped, if that is asked for. No record changes: environments that a
/// route names are started again when env-manager comes back.
/// </summary>
internal sealed class ShutdownTeardown(DriverCatalog drivers, IOptions<EnvManagerOptions> options, ILogger<ShutdownTeardown> log)
    : IHostedLifecycleService
{
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.StopEnvironmentsOnShutdown) return;
        foreach (var driver in drivers.All)
        {
            var running = await driver.ListEnvironmentsAsync(cancellationToken);
            log.StoppingAll(running.Count);
            await Task.WhenAll(running.Select(id => driver.StopAsync(id, cancellationToken)));
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
