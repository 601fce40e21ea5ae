using BlueGreen.Router.Proxy;
using BlueGreen.Router.Switching;

namespace BlueGreen.Router.Routing;

/// <summary>
/// The one mutable thing in front of the data plane: what the database said last, the vetoes taken here, and the snapshot made of both.
/// Requests read <see cref="Current"/>; changes are made one at a time, and an endpoint's becomes visible in one reference write.
/// </summary>
internal sealed class RoutingTable(EnvironmentRegistry environments)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RouteState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RouteSlot> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Number, long At)> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _vetoes = [];
    private readonly Pulse _holds = new();
    private readonly Pulse _changes = new();
    private volatile RoutingSnapshot _current = RoutingSnapshot.Empty;
    private long _takings;
    private bool _closed;

    public RoutingSnapshot Current => _current;

    /// <summary>Fires when a route begins to hold its requests.</summary>
    public Pulse Holds => _holds;

    /// <summary>Fires when any route has changed here.</summary>
    public Pulse Changes => _changes;

    /// <summary>To be taken before routes are read, for <see cref="Apply"/> of what was read.</summary>
    public long Mark
    {
        get
        {
            lock (_gate) return _takings;
        }
    }

    /// <summary>
    /// Takes in routes as the database has them: its word replaces what was known, though it be older (a database may be restored), unless
    /// a newer one was heard while it was being read.
    /// </summary>
    /// <param name="states">What was read.</param>
    /// <param name="mark">From before they were read; null: nothing can have been heard meanwhile.</param>
    public void Apply(IReadOnlyCollection<RouteState> states, long? mark = null)
    {
        lock (_gate)
        {
            Take(mark is { } before ? [.. states.Where(state => !IsOvertaken(state, before))] : states);
        }
    }

    /// <summary>Takes in a route that was heard of, if it is newer than the one that is known.</summary>
    /// <returns>Null: it has to be read, for nothing is known to compare it with, or something newer.</returns>
    public bool? TryAdvance(RouteState state)
    {
        lock (_gate)
        {
            if (!_states.TryGetValue(state.Endpoint, out var known) || known.Version > state.Version) return null;
            if (known.Version == state.Version) return false;
            Take([state]);
            return true;
        }
    }

    /// <summary>What may be acknowledged of the routes in force.</summary>
    public IReadOnlyList<RouteAcknowledgement> Acknowledgements()
    {
        lock (_gate)
        {
            return [.. _slots.Values.Select(slot => slot.Entry).Where(MayAcknowledge).Select(entry => RouteAcknowledgement.Of(entry, _taken[entry.State.Endpoint].At))];
        }
    }

    /// <summary>Puts vetoes in force that were taken before this process began.</summary>
    public void Restore(IEnumerable<(Guid DeploymentId, string Endpoint)> vetoes)
    {
        lock (_gate)
        {
            foreach (var (deploymentId, endpoint) in vetoes) _vetoes[deploymentId] = endpoint;
            Publish([.. _states.Keys]);
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
                Publish([endpoint]);
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
            if (_vetoes.Remove(deploymentId, out var endpoint)) Publish([endpoint]);
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

    private bool IsOvertaken(RouteState state, long mark) =>
        _taken.TryGetValue(state.Endpoint, out var taken) && taken.Number > mark && _states[state.Endpoint].Version > state.Version;

    private void Take(IReadOnlyCollection<RouteState> states)
    {
        foreach (var state in states)
        {
            _states[state.Endpoint] = state;
            // From here on the database's word carries them.
            foreach (var veto in state.Vetoed) _vetoes.Remove(veto.DeploymentId);
        }

        Publish(states.Select(state => state.Endpoint));
        var now = environments.Clock.GetTimestamp();
        foreach (var state in states) _taken[state.Endpoint] = (++_takings, now);
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
    private bool MayAcknowledge(RouteEntry entry) =>
        entry.State.Releasing is not { } deployment || !_vetoes.ContainsKey(deployment);

    private void Publish(IEnumerable<string> endpoints)
    {
        var isSamePlan = true;
        foreach (var endpoint in endpoints)
        {
            // A veto may be of an endpoint whose route is not known here.
            if (_states.TryGetValue(endpoint, out var state)) isSamePlan &= Replace(state);
        }

        if (!isSamePlan) _current = new RoutingSnapshot(_slots.Values);
        _changes.Fire();
    }

    /// <returns>False when the snapshot has to be made anew for the entry to be found.</returns>
    private bool Replace(RouteState state)
    {
        var slot = _slots.GetValueOrDefault(state.Endpoint);
        var before = slot?.Entry;
        var local = _vetoes.Where(veto => veto.Value == state.Endpoint).Select(veto => veto.Key);
        var entry = RouteEntry.From(state, local, environments, before);
        environments.Moved(before, entry);
        var isSamePlace = slot is not null && before!.State.Path == state.Path;
        // At another path it is another slot: who still finds the old one must find the old entry in it.
        if (isSamePlace) slot!.Entry = entry;
        else _slots[state.Endpoint] = new RouteSlot(entry);
        if (before?.Hold is { } hold && entry.Hold is null) hold.Release();
        if (before?.Hold is null && entry.Hold is not null) _holds.Fire();
        return isSamePlace;
    }
}
