using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Reverting;

/// <summary>Asks every standby now and then, so that its last known health and a connection to it are at hand when seconds count.</summary>
internal sealed class StandbyWatch(RoutingTable table, StandbyProbe probe, StandbyHealth health, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var standbys = table.Current.Entries.Select(entry => entry.Standby).OfType<RouteTarget>().ToArray();
                foreach (var standby in standbys) await probe.IsAnyReadyAsync(standby, stoppingToken);
                health.Retain(standbys.SelectMany(standby => standby.Replicas).Select(replica => replica.Address).ToHashSet());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }
}
