using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;

namespace BlueGreen.Router.Reverting;

/// <summary>Before anything listens: the routes served last and the vetoes taken since, from this replica's own disk.</summary>
internal sealed class RouterRestorer(
    RoutingTable table, ReplicaStanding standing, VetoJournal journal, RouterMetrics metrics, ILogger<RouterRestorer> log)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        metrics.Observe();
        table.Apply(standing.Remembered);
        table.Restore(journal.Pending.Select(veto => (veto.DeploymentId, veto.Endpoint)));
        Log.Restored(log, standing.Name, standing.Remembered.Count, journal.Pending.Count);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
