using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// An environment's model servers as load balancers write them. An IP address is written in its one canonical form, whoever wrote it before: what was
/// put into a target and what is read back from it must be equal texts.
/// </summary>
internal static class DriverAddresses
{
    /// <summary><c>host:port</c> of each replica, in an order of their own, so that two equal fleets are equal texts.</summary>
    public static IReadOnlyList<string> Of(RouteTarget target) =>
        [.. target.Replicas.Select(replica => Of(replica.Address)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary><c>host:port</c>; an IPv6 address stands in brackets.</summary>
    public static string Of(Uri address) => Of(HostOf(address), address.Port.ToString(CultureInfo.InvariantCulture));

    /// <param name="host">A name or an address, without brackets.</param>
    /// <param name="port">Its port.</param>
    public static string Of(string host, string port) => IPAddress.TryParse(host, out var address)
        ? address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]:{port}" : $"{address}:{port}"
        : $"{host}:{port}";

    /// <returns>Null: it has a name for a host.</returns>
    public static IPAddress? AddressOf(Uri address) => IPAddress.TryParse(HostOf(address), out var found) ? found : null;

    /// <summary>Name or address without brackets.</summary>
    public static string HostOf(Uri address) => address.IdnHost.Trim('[', ']');

    /// <summary>The two parts of what <see cref="Of(Uri)"/> wrote, the host without brackets.</summary>
    public static (string Host, string Port) Parts(string text)
    {
        var colon = text.LastIndexOf(':');
        return (text[..colon].Trim('[', ']'), text[(colon + 1)..]);
    }
}
