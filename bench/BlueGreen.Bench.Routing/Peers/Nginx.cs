using System.Diagnostics;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Bench.Routing.Peers;

/// <summary>
/// NGINX with one worker, switched by a new configuration and a reload; or with its upstream in a file of its own, which our adapter writes.
/// </summary>
internal sealed class Nginx : IPeer
{
    private readonly OwnProcess _process;
    private readonly string _folder;

    private Nginx(OwnProcess process, Uri address, string folder) => (_process, Address, _folder) = (process, address, folder);

    public string Name => "nginx";
    public Uri Address { get; }

    /// <summary>The master does nothing: its worker does.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var total = TimeSpan.Zero;
            foreach (var child in children)
            {
                using var worker = Process.GetProcessById(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture));
                total += worker.TotalProcessorTime;
            }

            return total;
        }
    }

    /// <summary>It says so each time.</summary>
    public int? Reloads => File.ReadLines(Path.Combine(_folder, "nginx.log")).Count(line => line.Contains("(SIGHUP) received", StringComparison.Ordinal));

    public static string CommandOf(string folder) => $"nginx {string.Join(' ', Arguments(folder))}";

    public static string ProcessFileOf(string folder) => Path.Combine(folder, "nginx", "nginx.pid");

    public static async Task<Nginx> StartAsync(Uri server, string folder, CancellationToken ct, bool isDriven = false)
    {
        var address = OwnProcess.Loopback();
        Directory.CreateDirectory(Path.Combine(folder, "nginx"));
        var upstream = UpstreamOf(server);
        if (isDriven) await File.WriteAllTextAsync(Path.Combine(folder, "live.include"), upstream + "\n", ct);
        await ConfigureAsync(address, isDriven ? $"include {folder}/*.include;" : upstream, folder, ct);
        var process = OwnProcess.Start("nginx", new ProcessStartInfo("nginx", Arguments(folder)), folder);
        await process.UntilAnswersAsync(address, ct);
        return new Nginx(process, address, folder);
    }

    public async Task SwitchAsync(Uri server, CancellationToken ct)
    {
        var upstream = UpstreamOf(server);
        await ConfigureAsync(Address, upstream, _folder, ct);
        const int Sighup = 1;
        _process.Signal(Sighup);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string[] Arguments(string folder) => ["-p", Path.Combine(folder, "nginx"), "-c", Path.Combine(folder, "nginx.conf"), "-e", "stderr"];

    private static string UpstreamOf(Uri server) =>
        $"upstream live {{ server {server.Host}:{server.Port}; keepalive 64; keepalive_requests 1000000000; }}";

    private static Task ConfigureAsync(Uri address, string upstream, string folder, CancellationToken ct) => File.WriteAllTextAsync(
        Path.Combine(folder, "nginx.conf"), $$"""
        daemon off;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        worker_processes 1;
        error_log stderr notice;
        pid {{ProcessFileOf(folder)}};
        events { worker_connections 1024; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/nginx/body;
            proxy_temp_path {{folder}}/nginx/proxy;
            fastcgi_temp_path {{folder}}/nginx/fastcgi;
            uwsgi_temp_path {{folder}}/nginx/uwsgi;
            scgi_temp_path {{folder}}/nginx/scgi;
            keepalive_requests 1000000000;
            {{upstream}}
            server {
                listen {{address.Host}}:{{address.Port}};
                location / {
                    proxy_pass http://live;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                }
            }
        }

        """, ct);
}
