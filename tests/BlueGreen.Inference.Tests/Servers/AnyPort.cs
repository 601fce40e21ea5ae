using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BlueGreen.Inference.Tests.Servers;

internal static class AnyPort
{
    /// <summary>Listens where the system likes.</summary>
    public static void ListenLocalhostAnyPort(this KestrelServerOptions kestrel, HttpProtocols protocols) =>
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
}
