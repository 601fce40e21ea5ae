using System.Globalization;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Bench.Routing.Peers;

/// <summary>Where the load balancers that our adapters drive have their files: the routers' configuration says so before they are started.</summary>
internal sealed class PeerFiles(string folder)
{
    private readonly Uri _status = OwnProcess.Loopback();

    public string HaProxy { get; } = Directory.CreateDirectory(Path.Combine(folder, "haproxy-by-us")).FullName;
    public string Nginx { get; } = Directory.CreateDirectory(Path.Combine(folder, "nginx-by-us")).FullName;

    public static IReadOnlyDictionary<string, string> HaProxySettings { get; } =
        new Dictionary<string, string> { ["key"] = "live", ["backends"] = "blue,green" };

    public static IReadOnlyDictionary<string, string> NginxSettings { get; } = new Dictionary<string, string> { ["upstream"] = "live" };

    /// <summary>What an operator writes into the routers' configuration.</summary>
    public (string Key, string Value)[] Configuration =>
    [
        ("BlueGreen:Router:Drivers:haproxy:socket", Path.Combine(HaProxy, "haproxy.sock")),
        ("BlueGreen:Router:Drivers:haproxy:map", Path.Combine(HaProxy, "live.map")),
        ("BlueGreen:Router:Drivers:nginx:include", Path.Combine(Nginx, "{upstream}.include")),
        ("BlueGreen:Router:Drivers:nginx:status", string.Create(CultureInfo.InvariantCulture, $"{_status.Host}:{_status.Port}")),
        ("BlueGreen:Router:Drivers:nginx:command", Peers.Nginx.CommandOf(Nginx)),
        ("BlueGreen:Router:Drivers:nginx:pid", Peers.Nginx.ProcessFileOf(Nginx)),
    ];
}
