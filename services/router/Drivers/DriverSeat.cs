using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Drivers;

/// <summary>One endpoint's load balancer: looked at, and written to, by one at a time.</summary>
internal sealed class DriverSeat(
    string endpoint,
    RoutingTable table,
    TrafficDrivers drivers,
    DriverNews news,
    DatabaseClock time,
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger log,
    CancellationToken stopping) : IDisposable
{
    /// <summary>A drift is one that is still there after this: no write of another replica takes so long between its steps.</summary>
    private static readonly TimeSpan Confirm = TimeSpan.FromMilliseconds(300);

    /// <summary>A target that has yet to act on what it was told is looked at so often, for a while.</summary>
    private static readonly TimeSpan Converge = TimeSpan.FromMilliseconds(100);
    private const int MostLooks = 100;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private bool _again;
    private bool _wasMarked;
    private volatile DriverStatus? _status;
    private CancellationTokenSource _watch = new();

    /// <summary>Fires after every look.</summary>
    public Pulse Looked { get; } = new();

    /// <summary>The last look; null: there was none, or there is nothing to drive.</summary>
    public DriverStatus? Status => _status;

    /// <summary>Looks soon; what is asked for during a look is done after it, once.</summary>
    public Task TendInBackground()
    {
        lock (_gate)
        {
            if (!_running.IsCompleted)
            {
                _again = true;
                return _running;
            }

            return _running = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <param name="force">Writes over what somebody else has changed.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public async Task<DriverStatus?> TendAsync(bool force, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _status = table.Current.TryGet(endpoint, out var entry) && DriverRoute.Of(entry, options.Value, time.Now) is { } route
                ? await LookAsync(route, force, cancellationToken)
                : null;
        }
        finally
        {
            _turn.Release();
            Looked.Fire();
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _watch.Dispose();
    }

    private async Task RunAsync()
    {
        var looks = 0;
        while (true)
        {
            var before = _status;
            try
            {
                await news.TellAsync(before, await TendAsync(force: false, stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.DriverBroke(log, endpoint, exception);
            }

            var isConverging = _status?.Standing == DriverStanding.Converging && looks++ < MostLooks;
            lock (_gate)
            {
                if (!_again && !isConverging)
                {
                    // Inside the lock: who asks from here on begins a new run.
                    _running = Task.CompletedTask;
                    return;
                }

                _again = false;
            }

            if (isConverging) await Task.Delay(Converge, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<DriverStatus> LookAsync(DriverRoute route, bool force, CancellationToken cancellationToken)
    {
        var (driver, problem) = drivers.Find(route.Settings);
        if (driver is null) return new DriverStatus { Route = route, Standing = DriverStanding.Unknown, Problem = problem };
        using var timeout = new CancellationTokenSource(options.Value.DriverDeadline, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var call = new DriverCall(driver, route, cancellationToken, limit.Token);
        var wanted = driver.Describe(route);
        var reading = await call.ReadAsync();
        var standing = DriverStandings.Of(route, wanted, reading, _wasMarked);
        if (standing == DriverStanding.Drifted && !force)
        {
            await Task.Delay(Confirm, clock, cancellationToken);
            var again = await call.ReadAsync();
            (reading, standing) = (again, DriverStandings.Of(route, wanted, again, _wasMarked));
        }

        var isWritten = false;
        string? overwrote = null;
        string? failure = null;
        if (standing is DriverStanding.Behind or DriverStanding.Overruled || (force && standing == DriverStanding.Drifted))
        {
            if (reading.Mark is null && reading.State.Length > 0) Log.DriverTakesOver(log, endpoint, route.Settings.Name, reading.State);
            failure = await call.ApplyAsync(reading);
            isWritten = true;
            if (failure is null && standing is not DriverStanding.Behind) overwrote = reading.State;
            reading = await call.ReadAsync();
            standing = DriverStandings.Of(route, wanted, reading, wasMarked: true);
            if (failure is null && standing == DriverStanding.Behind) failure = $"The target took the route and then showed something else: {reading.State}";
        }

        Watch(driver, route, reading);
        _wasMarked |= isWritten || reading.Mark is not null;
        return Describe(route, wanted, reading, standing, failure) with
        {
            Overwrote = overwrote,
            InFlight = standing == DriverStanding.InSync ? await call.DrainAsync() : null,
        };
    }

    /// <summary>Where the target tells that it changed, it is looked at then.</summary>
    private void Watch(ITrafficDriver driver, DriverRoute route, DriverReading reading)
    {
        _watch.Cancel();
        _watch.Dispose();
        _watch = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (reading.Failure is null) _ = WatchAsync(driver, route, reading, _watch.Token);
    }

    private async Task WatchAsync(ITrafficDriver driver, DriverRoute route, DriverReading reading, CancellationToken cancellationToken)
    {
        try
        {
            await driver.ChangedAsync(route, reading, cancellationToken);
            if (!cancellationToken.IsCancellationRequested) _ = TendInBackground();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next look watches anew.
        }
        catch (Exception exception)
        {
            // It is looked at every few seconds anyway.
            Log.DriverNotWatched(log, endpoint, exception);
        }
    }

    private DriverStatus Describe(DriverRoute route, string wanted, DriverReading reading, DriverStanding standing, string? failure)
    {
        var before = _status;
        var since = before?.InSyncSince is { } known && before.Wanted == wanted ? known : time.Now;
        return new DriverStatus
        {
            Route = route,
            Standing = standing,
            Wanted = wanted,
            Found = reading.State,
            StaleFor = reading.StaleFor,
            InSyncSince = standing == DriverStanding.InSync ? since : null,
            Problem = standing switch
            {
                DriverStanding.InSync => null,
                DriverStanding.Unknown => reading.Failure,
                DriverStanding.Converging => reading.Pending,
                DriverStanding.Drifted => "Somebody else has changed it; it is not written over until an operator asks for that.",
                DriverStanding.Ahead => "Another router replica has written a newer route.",
                _ => failure,
            },
        };
    }
}
