using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers;

/// <summary>An environment's model servers as load balancers write them.</summary>
internal static class DriverAddresses
{
    /// <summary><c>host:port</c> of each replica, in an order of their own, so that two equal fleets are equal texts.</summary>
    public static IReadOnlyList<string> Of(RouteTarget target) =>
        [.. target.Replicas.Select(replica => $"{replica.Address.Host}:{replica.Address.Port}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
