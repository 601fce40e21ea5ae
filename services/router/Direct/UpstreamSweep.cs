using BlueGreen.Router.Proxy;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Direct;

/// <summary>
/// Looks at all connections to replicas many times a second, instead of setting a timer for every request. So a time-out is up to
/// <see cref="Interval"/> late.
/// </summary>
internal sealed class UpstreamSweep(
    EnvironmentRegistry environments, DirectForwarder direct, IOptions<RouterOptions> options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private IEnumerable<UpstreamReplica> Replicas => environments.All.SelectMany(environment => environment.Replicas);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.DirectUpstream) return;
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var replica in Replicas) direct.Sweep(replica);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping, and has answered its requests.
            foreach (var replica in Replicas) replica.Pool.Sweep(clock.GetTimestamp(), longestIdle: 0);
        }
    }
}
