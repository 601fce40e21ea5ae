namespace BlueGreen.Router.Routing;

/// <summary>
/// "This replica serves this version of the route, will after a restart, and refuses every revert that the version refuses."
/// </summary>
internal sealed record RouteAcknowledgement(string Endpoint, long Version, long Epoch)
{
    public static RouteAcknowledgement Of(RouteState state) => new(state.Endpoint, state.Version, state.Epoch);
}
