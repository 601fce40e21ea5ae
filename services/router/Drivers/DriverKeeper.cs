using System.Collections.Concurrent;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// Keeps the load balancers of endpoints that have one in step with the routes that this replica serves: at once when a route changes
/// (a switch, or a revert that the database has not heard of yet), and by looking every few seconds, which also finds what others have changed.
/// </summary>
internal sealed class DriverKeeper(
    RoutingTable table,
    TrafficDrivers drivers,
    DriverNews news,
    DriverTurns turns,
    DriverPlaces places,
    DatabaseClock time,
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger<DriverKeeper> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, DriverSeat> _seats = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The last look at every endpoint that has a driver.</summary>
    public IEnumerable<DriverStatus> All => _seats.Values.Select(seat => seat.Status).OfType<DriverStatus>();

    public DriverStatus? Find(string endpoint) => _seats.GetValueOrDefault(endpoint)?.Status;

    /// <summary>Waits until the endpoint's load balancer follows its route, or is found to have been changed by somebody else.</summary>
    /// <param name="endpoint">The route.</param>
    /// <param name="version">Of the route, at least.</param>
    /// <param name="live">The deployment that is live at that version.</param>
    /// <param name="deadline">Longest wait.</param>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    /// <returns>How it stood at the end; null: never looked at.</returns>
    public async Task<DriverStatus?> FollowAsync(string endpoint, long version, Guid live, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var seat = SeatOf(endpoint);
        _ = seat.TendInBackground();
        while (true)
        {
            var next = seat.Looked.Next;
            var status = seat.Status;
            if (status?.Follows(version, live) == true || (status?.Standing == DriverStanding.Drifted && status.IsOf(version, live))) return status;
            var left = deadline - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return status;
            await Pulse.WaitAsync(next, left, clock, cancellationToken);
        }
    }

    /// <summary>This replica makes the switch to that version of the route: the load balancer is its to write to, and the others wait for it.</summary>
    public void Own(string endpoint, long version)
    {
        if (!table.Current.TryGet(endpoint, out var entry) || entry.State.Settings.Traffic.Driver is null) return;
        var seat = SeatOf(endpoint);
        seat.Own(version);
        _ = seat.TendInBackground();
    }

    /// <summary>Does not wait until it is due.</summary>
    public void LookSoon(string endpoint) => _ = SeatOf(endpoint).TendInBackground();

    /// <summary>An operator's word: writes the route whatever somebody else has put there.</summary>
    public async Task<DriverStatus?> ApplyAgainAsync(string endpoint, CancellationToken cancellationToken)
    {
        var seat = SeatOf(endpoint);
        var before = seat.Status;
        var status = await seat.TendAsync(force: true, cancellationToken);
        await news.TellAsync(before, status, isAsked: true);
        return status;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        foreach (var seat in _seats.Values) seat.Dispose();
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var next = table.Changes.Next;
                foreach (var entry in table.Current.Entries.Where(entry => entry.State.Settings.Traffic.Driver is not null))
                    _ = SeatOf(entry.State.Endpoint).TendInBackground();
                await Pulse.WaitAsync(next, options.Value.DriftInterval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private DriverSeat SeatOf(string endpoint) =>
        _seats.GetOrAdd(endpoint, name => new DriverSeat(
            name, table, new DriverLook(name, drivers, turns, places, time, options, clock, log), news, time, options, clock, log, _stopping.Token));
}
