namespace BlueGreen.Router.Routing;

/// <summary>
/// "This replica serves this version of the route, and refuses every revert that the version refuses, also after a restart."
/// </summary>
/// <param name="Endpoint">The route.</param>
/// <param name="Version">Newest version in force.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="HeldMilliseconds">How long requests were held before it; null: they were not.</param>
/// <param name="AppliedAt">Timestamp from which it was in force.</param>
/// <param name="IsPromise">It must still hold after a restart: a release promises so, a fence demands it. The rest a restart finds out again.</param>
internal sealed record RouteAcknowledgement(
    string Endpoint, long Version, long Epoch, double? HeldMilliseconds, long AppliedAt, bool IsPromise)
{
    public static RouteAcknowledgement Of(RouteEntry entry, long appliedAt)
    {
        var state = entry.State;
        var isPromise = state.Releasing is not null || state.Settings.IsFenced;
        return new(state.Endpoint, state.Version, state.Epoch, entry.HeldBefore?.TotalMilliseconds, appliedAt, isPromise);
    }
}
