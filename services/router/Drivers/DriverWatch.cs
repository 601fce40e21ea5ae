using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Drivers;

/// <summary>Has load balancers looked at as soon as they tell of a change, where they tell: sooner than the next look is due anyway.</summary>
internal sealed class DriverWatch(
    RoutingTable table,
    TrafficDrivers drivers,
    DriverKeeper keeper,
    DatabaseClock time,
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger<DriverWatch> log) : BackgroundService
{
    /// <summary>However often a target tells of changes, it is not looked at more often for that.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Task> _watches = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var next = table.Changes.Next;
                foreach (var entry in table.Current.Entries.Where(entry => entry.State.Settings.Traffic.Driver is not null))
                {
                    if (!_watches.TryGetValue(entry.State.Endpoint, out var watch) || watch.IsCompleted)
                        _watches[entry.State.Endpoint] = WatchAsync(entry.State.Endpoint, stoppingToken);
                }

                await Pulse.WaitAsync(next, Timeout.InfiniteTimeSpan, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_watches.Values);
        }
    }

    /// <summary>Goes on until the endpoint has no driver any more.</summary>
    private async Task WatchAsync(string endpoint, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && RouteOf(endpoint) is { } route)
        {
            try
            {
                var least = Task.Delay(Least, clock, cancellationToken);
                await HearAsync(route, cancellationToken);
                await least;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.DriverBroke(log, endpoint, exception);
                await Task.Delay(options.Value.DriftInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Returns when the target may have changed, or when the route did: then it is another route's change that counts.</summary>
    private async Task HearAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        if (drivers.Find(route.Settings).Driver is not { } driver)
        {
            await Pulse.WaitAsync(table.Changes.Next, Timeout.InfiniteTimeSpan, clock, cancellationToken);
            return;
        }

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rerouted = table.Changes.Next;
        var reading = await driver.ReadAsync(route, cancellationToken);
        if (reading.Failure is not null)
        {
            await Pulse.WaitAsync(rerouted, options.Value.DriftInterval, clock, cancellationToken);
            return;
        }

        // After the reading, not before it: what changed until then is seen by this look, and what changes from then on is told.
        keeper.LookSoon(route.Endpoint);
        var changed = driver.ChangedAsync(route, reading, done.Token);
        await Task.WhenAny(changed, rerouted).WaitAsync(cancellationToken);
        if (changed.IsCompleted) await changed;
        await done.CancelAsync();
    }

    private DriverRoute? RouteOf(string endpoint) =>
        table.Current.TryGet(endpoint, out var entry) ? DriverRoute.Of(entry, options.Value, time.Now) : null;
}
