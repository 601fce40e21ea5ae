using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Testing.Containers;

/// <summary>
/// A host port that stays a server's own over restarts: one that the engine picks is picked anew at every start.
/// Taken from below Linux's ephemeral range, where neither a client socket nor a bind to port 0 can land meanwhile.
/// </summary>
internal static class HostPort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    public static int Reserve()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
