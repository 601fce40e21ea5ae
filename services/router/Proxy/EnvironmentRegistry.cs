using System.Collections.Concurrent;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Windows;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Proxy;

/// <summary>Counters of every environment that serves or served lately, so that a route change loses none of them.</summary>
internal sealed class EnvironmentRegistry(TimeProvider clock, OutlierRule? outliers = null, DatabaseClock? time = null)
{
    private readonly ConcurrentDictionary<Guid, ServingEnvironment> _known = [];
    private readonly Dictionary<Guid, DateTimeOffset> _unroutedSince = [];

    public TimeProvider Clock => clock;
    public IEnumerable<ServingEnvironment> All => _known.Values;

    /// <summary>An environment is immutable: the first target that names it says all there is to know.</summary>
    public ServingEnvironment Of(RouteTarget target) => _known.GetOrAdd(
        target.EnvironmentId, static (_, made) => new ServingEnvironment(made.target, made.clock, made.outliers),
        (target, clock, outliers: outliers ?? OutlierRule.Default));

    public ServingEnvironment? Find(Guid environmentId) => _known.GetValueOrDefault(environmentId);

    /// <summary>
    /// What is live no longer has its route's drain time to finish, and where traffic moves by steps it has that from the last step on; what
    /// is live has no limit. Called by one thread at a time.
    /// </summary>
    public void Moved(RouteEntry? before, RouteEntry after)
    {
        var (old, live) = (before?.Serving, after.Serving);
        var (stood, aside) = (before?.Shift?.Old.Serving, after.Shift?.Old.Serving);
        var (now, drain) = (clock.GetUtcNow(), after.State.Settings.Traffic.Drain);
        if (old is not null && old != live) old.Leave(now, drain);
        // The steps ended before their time: a roll-back, a release, another switch.
        if (stood is not null && stood != live && stood != aside) stood.DrainBy(now + drain);
        if (aside is not null && aside != stood) aside.DrainUntil(now + StepsLeft(after.Shift!) + drain);
        live?.DrainUntil(null);
    }

    /// <summary>Forgets what no route has referred to for longer than the windows reach back. Called by one thread at a time.</summary>
    public void Retain(RoutingSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        var routed = snapshot.Entries.SelectMany(Referred).Select(target => target?.EnvironmentId).ToHashSet();
        foreach (var (id, environment) in _known)
        {
            if (routed.Contains(id))
            {
                _unroutedSince.Remove(id);
                continue;
            }

            _unroutedSince.TryAdd(id, now);
            if (now - _unroutedSince[id] <= TrafficWindow.Reach || environment.InFlight > 0) continue;
            _known.TryRemove(id, out _);
            _unroutedSince.Remove(id);
        }
    }

    private TimeSpan StepsLeft(RouteShift shift)
    {
        var left = shift.EndsAt - (time?.Now ?? clock.GetUtcNow());
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static IEnumerable<RouteTarget?> Referred(RouteEntry entry) => [entry.Live, entry.Standby, entry.State.Candidate];
}

/// <summary>When a replica that keeps failing is passed over.</summary>
/// <param name="Failures">Failed answers in a row.</param>
/// <param name="Ejection">How long for the first time; the second time twice as long, and so on.</param>
/// <param name="Clock">For timestamps.</param>
internal sealed record OutlierRule(int Failures, TimeSpan Ejection, TimeProvider Clock)
{
    public static OutlierRule Default { get; } = new(5, TimeSpan.FromSeconds(10), TimeProvider.System);

    public static OutlierRule Of(IOptions<RouterOptions> options, TimeProvider clock) =>
        new(options.Value.OutlierFailures, options.Value.OutlierEjection, clock);
}
