using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Bench.Routing.Peers;

/// <summary>HAProxy, switched by its runtime API: one entry of a map says which backend is live.</summary>
internal sealed class HaProxy : IPeer
{
    private readonly OwnProcess _process;
    private readonly string _socket;
    private readonly string _map;
    private readonly Uri _blue;

    private HaProxy(OwnProcess process, Uri address, string folder, Uri blue)
    {
        (_process, Address, _blue) = (process, address, blue);
        (_socket, _map) = (Path.Combine(folder, "haproxy.sock"), Path.Combine(folder, "live.map"));
    }

    public string Name => "haproxy";
    public Uri Address { get; }
    public TimeSpan Cpu => _process.Cpu;

    public static async Task<HaProxy> StartAsync(Uri blue, Uri green, string folder, CancellationToken ct)
    {
        var address = OwnProcess.Loopback();
        var config = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(Path.Combine(folder, "live.map"), "live blue\n", ct);
        await File.WriteAllTextAsync(config, $"""
            global
                nbthread 1
                stats socket {folder}/haproxy.sock mode 600 level admin
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server 60s
            frontend clients
                bind {address.Host}:{address.Port}
                use_backend %[str(live),map({folder}/live.map)]
            backend blue
                server one {blue.Host}:{blue.Port}
            backend green
                server one {green.Host}:{green.Port}

            """, ct);
        var process = OwnProcess.Start("haproxy", new ProcessStartInfo("haproxy", ["-db", "-f", config]), folder);
        await process.UntilAnswersAsync(address, ct);
        return new HaProxy(process, address, folder, blue);
    }

    public async Task SwitchAsync(Uri server, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"set map {_map} live {(server == _blue ? "blue" : "green")}\n"), ct);
        var answer = new byte[1024];
        while (await socket.ReceiveAsync(answer, ct) > 0)
        {
            // It says nothing when it did as told, and closes.
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
