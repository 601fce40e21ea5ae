namespace BlueGreen.Rollback.Reverting;

/// <summary>What the routers say about an endpoint.</summary>
internal abstract record LiveRoute
{
    private LiveRoute()
    {
    }

    /// <summary>The live deployment is baking or retained: there is a way back.</summary>
    public sealed record Revertible(Guid DeploymentId) : LiveRoute;

    /// <summary>Nothing to go back from, or to.</summary>
    public sealed record Settled(Guid? LiveEnvironmentId) : LiveRoute;

    /// <summary>No router has a route for it.</summary>
    public sealed record Unknown : LiveRoute;

    public sealed record Unreachable(string Reason) : LiveRoute;
}
