using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Proxy;

/// <summary>Cuts off what outlasts the drain time of an environment that is live no longer, and forgets environments nobody refers to.</summary>
internal sealed class DrainWatch(
    RoutingTable table, EnvironmentRegistry environments, OpenExchanges exchanges, TimeProvider clock, ILogger<DrainWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private void Look()
    {
        var now = clock.GetUtcNow();
        foreach (var environment in environments.All.Where(environment => environment.InFlight > 0 && environment.IsDrainOver(now)))
        {
            var count = exchanges.CutOff(environment);
            if (count > 0) Log.DrainOver(log, environment.Target.EnvironmentId, count);
        }

        environments.Retain(table.Current);
    }
}
