using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// A switch of an endpoint with a load balancer in front: that is looked at first. What cannot be reached, or was changed by somebody else,
/// is a reason not to switch at all; found after the epoch was minted it would be a route that says one thing and traffic that does another.
/// </summary>
internal sealed class DriverCutover(
    IServiceStore<RouterDbContext> store, TrafficDrivers drivers, DriverPlaces places, DatabaseClock time, IOptions<RouterOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>What looks like somebody else's change may be another replica's write in the midst of its steps.</summary>
    private static readonly TimeSpan DriftPatience = TimeSpan.FromSeconds(1);

    /// <returns>Null: the route is changed, and the load balancer is to follow. Otherwise why it is not.</returns>
    public async Task<string?> RunAsync(SwitchTraffic command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await lease.EnsureHeldAsync(cancellationToken);
            var row = await store.ReadAsync((db, token) => db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token), cancellationToken);
            if (row.Settings.Traffic.Driver is not { } driver) break;
            var (obstacle, patience) = await ObstacleAsync(ToBe(command, row, driver), cancellationToken);
            if (obstacle is null) break;
            if (clock.GetElapsedTime(started) >= patience) return obstacle;
            await Task.Delay(Pause, clock, cancellationToken);
        }

        await lease.EnsureHeldAsync(cancellationToken);
        return await store.WriteAsync(async (work, token) =>
        {
            var route = await work.Db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token);
            if (await SwitchRule.RefusalAsync(work.Db, command, route, token) is { } refusal) return refusal;
            SwitchRule.Make(work.Db, command, route, time.Now);
            return (string?)null;
        }, cancellationToken);
    }

    private DriverRoute ToBe(SwitchTraffic command, RouteRow row, TrafficDriver driver) => new()
    {
        Endpoint = row.Endpoint,
        Path = RouteState.NormalizePath(row.Path),
        Version = row.Version + 1,
        Epoch = row.Epoch + 1,
        IsReverted = false,
        Vetoed = row.Memory.Vetoed.Select(veto => veto.DeploymentId).ToHashSet(),
        Live = RouteTarget.Of(command),
        Standby = row.Live,
        Settings = DriverSettings.Of(driver, options.Value),
    };

    private async Task<(string? Obstacle, TimeSpan Patience)> ObstacleAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        var name = route.Settings.Name;
        var (driver, problem) = drivers.Find(route.Settings);
        if (driver is null) return ($"{name}: {problem}", TimeSpan.Zero);
        using var timeout = new CancellationTokenSource(options.Value.DriverDeadline, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var reading = await new DriverCall(driver, route, cancellationToken, limit.Token).ReadAsync();
        var wasMarked = reading is { Failure: null, Mark: null } && await places.WasMarkedAsync(route, cancellationToken) != false;
        return DriverStandings.Of(route, driver.Describe(route), reading, wasMarked) switch
        {
            DriverStanding.Unknown => ($"{name} cannot be read: {reading.Failure}", options.Value.DriverDeadline),
            DriverStanding.Drifted => ($"{name} was changed by somebody else, and is not written over: {reading.State}", DriftPatience),
            _ => (null, TimeSpan.Zero),
        };
    }
}
