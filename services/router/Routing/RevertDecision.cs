namespace BlueGreen.Router.Routing;

/// <summary>What a revert comes to on this replica.</summary>
internal enum RevertVerdict
{
    /// <summary>The deployment is live and there is a way back.</summary>
    Flip,

    /// <summary>The deployment is not live here: it is vetoed before its switch.</summary>
    VetoOnly,
    AlreadyReverted,
    UnknownEndpoint,
    NoStandby,
    Committed,
    Releasing,

    /// <summary>This replica is stopping.</summary>
    Closed,
}

/// <summary>A verdict and the route it was made on (after the flip, if there was one).</summary>
internal sealed record RevertDecision(RevertVerdict Verdict, RouteEntry? Entry);
