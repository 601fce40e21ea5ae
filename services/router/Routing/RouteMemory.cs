namespace BlueGreen.Router.Routing;

/// <summary>
/// What replicas need to know of an endpoint's past, kept in the route's row so that one read brings all of it. Only the latest are of
/// use: older deployments' environments are gone, and the tables of vetoes and switches remember them all.
/// </summary>
internal sealed record RouteMemory
{
    private const int Remembered = 64;

    public static RouteMemory Empty { get; } = new();

    /// <summary>Latest first.</summary>
    public IReadOnlyList<KnownVeto> Vetoed { get; init; } = [];

    /// <summary>Latest first.</summary>
    public IReadOnlyList<Guid> Committed { get; init; } = [];

    public RouteMemory WithVeto(Guid deploymentId, DateTimeOffset at) =>
        this with { Vetoed = [new KnownVeto(deploymentId, at), .. Vetoed.Take(Remembered - 1)] };

    public RouteMemory WithCommitted(Guid deploymentId) =>
        this with { Committed = [deploymentId, .. Committed.Take(Remembered - 1)] };
}
