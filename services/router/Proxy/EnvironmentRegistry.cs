using System.Collections.Concurrent;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Proxy;

/// <summary>Counters of every environment that serves or served lately, so that a route change loses none of them.</summary>
internal sealed class EnvironmentRegistry(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, ServingEnvironment> _known = [];
    private readonly Dictionary<Guid, DateTimeOffset> _unroutedSince = [];

    public IEnumerable<ServingEnvironment> All => _known.Values;

    /// <summary>An environment is immutable: the first target that names it says all there is to know.</summary>
    public ServingEnvironment Of(RouteTarget target) =>
        _known.GetOrAdd(target.EnvironmentId, static (_, made) => new ServingEnvironment(made.target, made.clock), (target, clock));

    public ServingEnvironment? Find(Guid environmentId) => _known.GetValueOrDefault(environmentId);

    /// <summary>Forgets what no route has referred to for longer than the windows reach back. Called by one thread at a time.</summary>
    public void Retain(RoutingSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        var routed = snapshot.Entries.Select(entry => entry.Live?.EnvironmentId).ToHashSet();
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
}
