namespace BlueGreen.Router.Routing;

/// <summary>
/// "This replica serves this version of the route, and refuses every revert that the version refuses, also after a restart."
/// </summary>
/// <param name="Endpoint">The route.</param>
/// <param name="Version">Newest version in force.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="HeldMilliseconds">How long requests were held before it; null: they were not.</param>
internal sealed record RouteAcknowledgement(string Endpoint, long Version, long Epoch, double? HeldMilliseconds)
{
    public static RouteAcknowledgement Of(RouteEntry entry) =>
        new(entry.State.Endpoint, entry.State.Version, entry.State.Epoch, entry.HeldBefore?.TotalMilliseconds);
}
