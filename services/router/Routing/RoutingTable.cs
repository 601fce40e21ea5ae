using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Routing;

/// <summary>
/// The one mutable thing in front of the data plane: what the database said last, the vetoes taken here, and the snapshot made of both.
/// Requests read <see cref="Current"/>; changes are made one at a time and become visible in one reference write.
/// </summary>
internal sealed class RoutingTable(EnvironmentRegistry environments)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RouteState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _vetoes = [];
    private volatile RoutingSnapshot _current = RoutingSnapshot.Empty;
    private bool _closed;

    public RoutingSnapshot Current => _current;

    /// <summary>Takes in routes as the database has them: its word replaces what was known.</summary>
    /// <returns>What may be acknowledged: see <see cref="RouteAcknowledgement"/>.</returns>
    public IReadOnlyList<RouteAcknowledgement> Apply(IEnumerable<RouteState> states)
    {
        lock (_gate)
        {
            foreach (var state in states) _states[state.Endpoint] = state;

            foreach (var (deploymentId, endpoint) in _vetoes)
            {
                // From here on the database's word carries it.
                if (_states.TryGetValue(endpoint, out var state) && state.IsVetoed(deploymentId)) _vetoes.Remove(deploymentId);
            }

            Publish();
            return _states.Values.Where(MayAcknowledge).Select(RouteAcknowledgement.Of).ToArray();
        }
    }

    /// <summary>Puts vetoes in force that were taken before this process began.</summary>
    public void Restore(IEnumerable<(Guid DeploymentId, string Endpoint)> vetoes)
    {
        lock (_gate)
        {
            foreach (var (deploymentId, endpoint) in vetoes) _vetoes[deploymentId] = endpoint;
            Publish();
        }
    }

    /// <summary>
    /// Decides on a revert without carrying it out, unless <paramref name="flip"/>. Decision and flip are one step under the same lock as
    /// <see cref="Apply"/>: after a release was acknowledged from here, no revert of that deployment succeeds here.
    /// </summary>
    public RevertDecision Revert(string endpoint, Guid deploymentId, bool flip)
    {
        lock (_gate)
        {
            if (!_current.TryGet(endpoint, out var entry)) return new RevertDecision(RevertVerdict.UnknownEndpoint, null);
            var verdict = _closed ? RevertVerdict.Closed : Judge(entry, deploymentId);
            if (flip && verdict is RevertVerdict.Flip or RevertVerdict.VetoOnly)
            {
                _vetoes[deploymentId] = endpoint;
                Publish();
                _current.TryGet(endpoint, out entry);
            }

            return new RevertDecision(verdict, entry);
        }
    }

    /// <summary>Drops a veto that turned out to be of a deployment committed long ago.</summary>
    public void Forget(Guid deploymentId)
    {
        lock (_gate)
        {
            _vetoes.Remove(deploymentId);
            Publish();
        }
    }

    /// <summary>Refuses reverts from here on, before the replica gives up its registration.</summary>
    /// <returns>False when there are vetoes that the database does not know: then the registration must stay.</returns>
    public bool Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _vetoes.Count == 0;
        }
    }

    /// <summary>The database's own words, for the copy on disk.</summary>
    public IReadOnlyList<RouteState> States()
    {
        lock (_gate) return _states.Values.ToArray();
    }

    private static RevertVerdict Judge(RouteEntry entry, Guid deploymentId)
    {
        if (entry.Vetoed.Contains(deploymentId)) return RevertVerdict.AlreadyReverted;
        var state = entry.State;
        if (state.Committed.Contains(deploymentId)) return RevertVerdict.Committed;
        if (state.Releasing == deploymentId) return RevertVerdict.Releasing;
        if (state.Live?.DeploymentId == deploymentId)
            return entry.Standby is null ? RevertVerdict.NoStandby : RevertVerdict.Flip;
        // Only a deployment that was good enough to be blue is standby: its time to be reverted is over.
        return state.Standby?.DeploymentId == deploymentId ? RevertVerdict.Committed : RevertVerdict.VetoOnly;
    }

    /// <summary>
    /// Acknowledging a release promises that no revert was or will be answered here. A veto that the database has yet to hear of
    /// keeps the promise from being given; its reconciliation ends the release.
    /// </summary>
    private bool MayAcknowledge(RouteState state) => state.Releasing is not { } deployment || !_vetoes.ContainsKey(deployment);

    private void Publish()
    {
        var local = _vetoes.ToLookup(veto => veto.Value, veto => veto.Key, StringComparer.Ordinal);
        _current = new RoutingSnapshot(
            _states.Values.Select(state => RouteEntry.From(state, local[state.Endpoint], environments)));
        environments.Retain(_current);
    }
}
