namespace BlueGreen.Rollback.Reverting;

/// <summary>What the routers say about an endpoint.</summary>
internal abstract record LiveRoute
{
    private LiveRoute()
    {
    }

    /// <summary>The live deployment is baking or retained: there is a way back.</summary>
    public sealed record Revertible(Guid DeploymentId) : LiveRoute
    {
        public RouteSide? Live { get; init; }

        /// <summary>What traffic would go back to.</summary>
        public RouteSide? Standby { get; init; }
        public DateTimeOffset? SwitchedAt { get; init; }
    }

    /// <summary>Nothing to go back from, or to.</summary>
    public sealed record Settled(RouteSide? Live) : LiveRoute;

    /// <summary>No router has a route for it.</summary>
    public sealed record Unknown : LiveRoute;

    public sealed record Unreachable(string Reason) : LiveRoute;
}

/// <summary>One of a route's environments.</summary>
internal sealed record RouteSide(Guid EnvironmentId, string Version)
{
    /// <summary>Whether a label names this environment, by its id or its model version.</summary>
    public bool IsNamedBy(string label) =>
        label == Version || (Guid.TryParse(label, out var id) && id == EnvironmentId);
}
