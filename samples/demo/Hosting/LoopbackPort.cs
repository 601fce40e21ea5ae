using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Demo.Hosting;

internal static class LoopbackPort
{
    /// <summary>The preferred port if nobody listens on it, else one that the system says is free.</summary>
    public static int Choose(int preferred) => TryBind(preferred) ?? TryBind(0)!.Value;

    private static int? TryBind(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
