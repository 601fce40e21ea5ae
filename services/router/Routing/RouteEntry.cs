using System.Globalization;
using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Routing;

/// <summary>
/// What this replica does with an endpoint's requests: the route as the database has it, less what is vetoed. Immutable; everything
/// that a request needs is made here, once.
/// </summary>
internal sealed class RouteEntry
{
    private RouteEntry(RouteState state, IReadOnlySet<Guid> vetoes, EnvironmentRegistry environments, RouteEntry? before)
    {
        State = state;
        Vetoed = vetoes;
        var isVetoedLive = state.Live is { } live && vetoes.Contains(live.DeploymentId);
        var isVetoedNext = state.Preparing is { } next && vetoes.Contains(next.DeploymentId);
        RevertPending = isVetoedLive || isVetoedNext;
        var standby = state.Standby is { } way && !vetoes.Contains(way.DeploymentId) ? way : null;
        Live = isVetoedLive ? standby : state.Live;
        Standby = isVetoedLive ? null : standby;
        EpochText = state.Epoch.ToString(CultureInfo.InvariantCulture) + (RevertPending ? "+revert" : "");
        // A hold that goes on is one hold. A vetoed switch is not waited for: what it would have replaced serves on.
        Hold = state.Preparing is null || isVetoedNext ? null : before?.Hold ?? new HoldGate(environments.Clock);
        HeldBefore = Hold is null ? before?.Hold?.Elapsed : null;
        if (Live is not null) LiveLeg = new RouteLeg(Live, state.Path, EpochText, environments);
        if (state.Candidate is { } candidate && !vetoes.Contains(candidate.DeploymentId))
            PreviewLeg = new RouteLeg(candidate, state.Path, EpochText + "+preview", environments);
        Mirror = RouteMirror.Of(this, environments);
        Shift = RouteShift.Of(this, environments);
    }

    public RouteState State { get; }

    /// <summary>The environment that takes the requests; null: none, they get 503.</summary>
    public RouteTarget? Live { get; }

    /// <summary>The way back; null: there is none.</summary>
    public RouteTarget? Standby { get; }

    /// <summary>The database's epoch, and <c>+revert</c> until it has heard of the revert that is in force here.</summary>
    public string EpochText { get; }

    /// <summary>A revert is in force that the database's row does not show yet.</summary>
    public bool RevertPending { get; }

    /// <summary>Every veto known here for this endpoint.</summary>
    public IReadOnlySet<Guid> Vetoed { get; }

    /// <summary>Where new requests wait; null: they need not.</summary>
    public HoldGate? Hold { get; }

    /// <summary>How long the hold took that ended with this entry.</summary>
    public TimeSpan? HeldBefore { get; }
    public RouteLeg? LiveLeg { get; }

    /// <summary>Green before the switch, for those who hold the preview token; null: there is none, or it is not ready.</summary>
    public RouteLeg? PreviewLeg { get; }

    /// <summary>Where copies of live requests go; null: nowhere.</summary>
    public RouteMirror? Mirror { get; }
    /// <summary>The steps by which traffic moves to what is live; null: it has all.</summary>
    public RouteShift? Shift { get; }
    public ServingEnvironment? Serving => LiveLeg?.Serving;

    /// <param name="state">The database's word.</param>
    /// <param name="local">Vetoes taken here, which the database may not know yet.</param>
    /// <param name="environments">Counters and windows that outlive entries.</param>
    /// <param name="before">The entry that this one replaces.</param>
    public static RouteEntry From(RouteState state, IEnumerable<Guid> local, EnvironmentRegistry environments, RouteEntry? before = null) =>
        new(state, state.Vetoed.Select(veto => veto.DeploymentId).Concat(local).ToHashSet(), environments, before);
}
