using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Demo.Hosting;

internal static class LoopbackPort
{
    /// <summary>Below those that systems give to connections: one of these could take the port before its server is up.</summary>
    private const int First = 15_000;
    private const int Last = 30_000;
    private const int Tries = 100;

    /// <summary>Ports given before: their servers may not have come up yet.</summary>
    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>The preferred port if nobody listens on it, else any that is free.</summary>
    /// <param name="preferred">0: none.</param>
    public static int Choose(int preferred)
    {
        if (preferred != 0 && TryBind(preferred) is { } wanted) return wanted;
        for (var tries = 0; tries < Tries; tries++)
        {
            if (TryBind(Random.Shared.Next(First, Last)) is { } free && Given.TryAdd(free, true)) return free;
        }

        return TryBind(0)!.Value;
    }

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
