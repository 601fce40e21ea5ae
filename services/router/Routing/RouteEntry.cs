using System.Globalization;
using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Routing;

/// <summary>
/// What this replica does with an endpoint's requests: the route as the database has it, less what is vetoed. Immutable; everything
/// that a request needs is made here, once.
/// </summary>
internal sealed class RouteEntry
{
    private RouteEntry(RouteState state, IReadOnlySet<Guid> vetoes, EnvironmentRegistry environments)
    {
        State = state;
        Vetoed = vetoes;
        RevertPending = state.Live is { } live && vetoes.Contains(live.DeploymentId);
        var standby = state.Standby is { } way && !vetoes.Contains(way.DeploymentId) ? way : null;
        Live = RevertPending ? standby : state.Live;
        Standby = RevertPending ? null : standby;
        EpochText = state.Epoch.ToString(CultureInfo.InvariantCulture) + (RevertPending ? "+revert" : "");
        if (Live is not null)
        {
            Serving = environments.Of(Live);
            Transformers = Serving.Replicas
                .Select(replica => new RouteTransformer(state.Path, Serving, replica, EpochText)).ToArray();
        }
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

    public ServingEnvironment? Serving { get; }

    /// <summary>In the order of the environment's replicas.</summary>
    public RouteTransformer[] Transformers { get; } = [];

    /// <param name="state">The database's word.</param>
    /// <param name="local">Vetoes taken here, which the database may not know yet.</param>
    /// <param name="environments">Counters and windows that outlive entries.</param>
    public static RouteEntry From(RouteState state, IEnumerable<Guid> local, EnvironmentRegistry environments) =>
        new(state, state.Vetoed.Select(veto => veto.DeploymentId).Concat(local).ToHashSet(), environments);
}
