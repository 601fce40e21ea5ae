using BlueGreen.Router.Switching;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Drivers;

/// <summary>One endpoint's looks at its load balancer: reads it, writes to it where that is right and this replica's turn, and reads back.</summary>
internal sealed class DriverLook(
    string endpoint, TrafficDrivers drivers, DriverTurns turns, DriverPlaces places, DatabaseClock time, IOptions<RouterOptions> options, TimeProvider clock, ILogger log)
{
    /// <summary>A drift is one that is still there after this: no write of another replica takes so long between its steps.</summary>
    private static readonly TimeSpan Confirm = TimeSpan.FromMilliseconds(300);

    private (DriverMark Change, long Since)? _awaited;
    private long _ownVersion;

    /// <summary>This replica makes the switch to that version of the route: it waits for nobody.</summary>
    public void Own(long version) => Volatile.Write(ref _ownVersion, version);

    /// <param name="route">What is wanted.</param>
    /// <param name="before">The look before.</param>
    /// <param name="force">Writes over what somebody else has changed.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public async Task<DriverStatus> LookAsync(DriverRoute route, DriverStatus? before, bool force, CancellationToken cancellationToken)
    {
        var (driver, problem) = drivers.Find(route.Settings);
        if (driver is null) return new DriverStatus { Route = route, Standing = DriverStanding.Unknown, Problem = problem };
        using var timeout = new CancellationTokenSource(options.Value.DriverDeadline, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var call = new DriverCall(driver, route, cancellationToken, limit.Token);
        var wanted = driver.Describe(route);
        var readAt = time.Now;
        var reading = await call.ReadAsync();
        var standing = await StandingAsync(route, wanted, reading, cancellationToken);
        if (standing == DriverStanding.Drifted && !force)
        {
            await Task.Delay(Confirm, clock, cancellationToken);
            readAt = time.Now;
            reading = await call.ReadAsync();
            standing = await StandingAsync(route, wanted, reading, cancellationToken);
        }

        var isToWrite = standing is DriverStanding.Behind or DriverStanding.Overruled || (force && IsOthers(standing, reading));
        var leaves = isToWrite && !force && IsOthersTurn(route, wanted, reading);
        if (!isToWrite) _awaited = null;
        string? overwrote = null;
        string? failure = leaves ? "It is another router replica's turn to write it." : null;
        if (isToWrite && !leaves)
        {
            if (standing == DriverStanding.Behind && reading.Mark is null && reading.State.Length > 0) Log.DriverTakesOver(log, endpoint, route.Settings.Name, reading.State);
            failure = await call.ApplyAsync(reading);
            if (failure is null && standing is not DriverStanding.Behind) overwrote = reading.State;
            if (failure is null) places.Wrote(route);
            readAt = time.Now;
            reading = await call.ReadAsync();
            standing = DriverStandings.Of(route, wanted, reading, wasMarked: true);
            if (failure is null && standing == DriverStanding.Behind) failure = $"The target took the route and then showed something else: {reading.State}";
        }

        if (reading.Mark is not null) places.Seen(route);
        return Describe(route, wanted, reading, standing, failure, before) with
        {
            ReadAt = readAt,
            Overwrote = overwrote,
            IsLeftToOthers = leaves,
            InFlight = standing == DriverStanding.InSync ? await call.DrainAsync() : null,
        };
    }

    /// <summary>Without a mark it is the past that tells a change of somebody else's from what was never ours.</summary>
    private async Task<DriverStanding> StandingAsync(DriverRoute route, string wanted, DriverReading reading, CancellationToken cancellationToken)
    {
        if (reading is not { Failure: null, Mark: null } || reading.State == wanted) return DriverStandings.Of(route, wanted, reading, wasMarked: false);
        return await places.WasMarkedAsync(route, cancellationToken) is { } wasMarked
            ? DriverStandings.Of(route, wanted, reading, wasMarked)
            : DriverStanding.Unknown;
    }

    /// <summary>It is somebody else's change, or may be one.</summary>
    private static bool IsOthers(DriverStanding standing, DriverReading reading) =>
        standing == DriverStanding.Drifted || (standing == DriverStanding.Unknown && reading.Failure is null);

    private bool IsOthersTurn(DriverRoute route, string wanted, DriverReading reading)
    {
        if (route.Version == Volatile.Read(ref _ownVersion)) return false;
        var change = DriverMark.Of(route, wanted);
        if (_awaited is not { } awaited || awaited.Change != change) _awaited = awaited = (change, clock.GetTimestamp());
        // Who has begun to write gets the time that a write takes, also on the way back.
        var isWayBack = !reading.IsHalfDone && (route.IsReverted || (reading.Mark is { } mark && route.Vetoed.Contains(mark.DeploymentId)));
        return clock.GetElapsedTime(awaited.Since) < turns.WaitOf(endpoint, isWayBack);
    }

    private DriverStatus Describe(
        DriverRoute route, string wanted, DriverReading reading, DriverStanding standing, string? failure, DriverStatus? before)
    {
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
                DriverStanding.Unknown => reading.Failure ?? "It bears no mark, and whether it ever did cannot be told without the database.",
                DriverStanding.Converging => reading.Pending,
                DriverStanding.Drifted => "Somebody else has changed it; it is not written over until an operator asks for that.",
                DriverStanding.Ahead => "Another router replica has written a newer route.",
                _ => failure,
            },
        };
    }
}
