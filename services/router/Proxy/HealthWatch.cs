using BlueGreen.Router.Reverting;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// Asks the replicas of environments that are being asked for their health, so that one which is about to fail is passed over before a
/// request finds out. An environment of one replica is not asked: there is nobody else to pass its requests to.
/// </summary>
internal sealed class HealthWatch(RoutingTable table, StandbyProbe probe, IOptions<RouterOptions> options, TimeProvider clock) : BackgroundService
{
    private readonly Dictionary<UpstreamReplica, int> _failures = [];
    private readonly Dictionary<ServingEnvironment, long> _answered = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HealthInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var routed = table.Current.Entries.SelectMany(entry => new[] { entry.Serving, entry.Shift?.Old.Serving })
            .OfType<ServingEnvironment>().Where(serving => serving.Replicas.Count > 1).ToHashSet();
        await Task.WhenAll(routed.Where(IsAsked).SelectMany(serving => serving.Replicas.Select(replica => AskAsync(serving, replica, cancellationToken))));
        foreach (var gone in _answered.Keys.Where(serving => !routed.Contains(serving)).ToArray())
        {
            _answered.Remove(gone);
            foreach (var replica in gone.Replicas) _failures.Remove(replica);
        }
    }

    /// <summary>Nobody pays for the probes of endpoints that nobody calls. A replica that is passed over is asked until it is well.</summary>
    private bool IsAsked(ServingEnvironment serving)
    {
        var answered = Enumerable.Range(1, 5).Sum(serving.Answered);
        var isAsked = answered != _answered.GetValueOrDefault(serving) || serving.Replicas.Any(replica => !replica.IsReady);
        _answered[serving] = answered;
        return isAsked;
    }

    private async Task AskAsync(ServingEnvironment serving, UpstreamReplica replica, CancellationToken cancellationToken)
    {
        var isReady = await probe.IsReadyAsync(serving.Target, replica.Address, options.Value.HealthInterval, cancellationToken);
        lock (_failures)
        {
            var failures = _failures[replica] = isReady ? 0 : _failures.GetValueOrDefault(replica) + 1;
            if (isReady || failures >= options.Value.HealthFailures) replica.IsReady = isReady;
        }
    }
}
