using BlueGreen.Bench.Routing.Running;
using BlueGreen.Bench.Routing.Traffic;

namespace BlueGreen.Bench.Routing.Peers;

/// <summary>The same traffic through HAProxy and NGINX while they are switched: in their own way, and by our adapters.</summary>
internal sealed class PeerRun(Uri blue, Uri green, string folder, Action<string> say)
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(400);

    /// <param name="cluster">The routers whose adapters are used.</param>
    /// <param name="files">Named in their configuration.</param>
    /// <param name="switches">Of each.</param>
    /// <param name="rate">Requests per second.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>By name; what is not installed is left out.</returns>
    public async Task<IReadOnlyDictionary<string, PeerReport>?> MeasureAsync(
        RouterCluster cluster, PeerFiles files, int switches, int rate, CancellationToken ct)
    {
        var reports = new Dictionary<string, PeerReport>();
        if (switches == 0) return reports;
        if (IsInstalled("haproxy"))
        {
            await MeasureAsync(await HaProxy.StartAsync(blue, green, folder, ct), switches, rate, reports, ct);
            var program = await HaProxy.StartAsync(blue, green, files.HaProxy, ct);
            await MeasureAsync(new DrivenPeer(program, "haproxy", PeerFiles.HaProxySettings, cluster), switches, rate, reports, ct);
        }

        if (IsInstalled("nginx"))
        {
            await MeasureAsync(await Nginx.StartAsync(blue, folder, ct), switches, rate, reports, ct);
            var program = await Nginx.StartAsync(blue, files.Nginx, ct, isDriven: true);
            await MeasureAsync(new DrivenPeer(program, "nginx", PeerFiles.NginxSettings, cluster), switches, rate, reports, ct);
        }

        return reports;
    }

    public bool IsInstalled(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(path => File.Exists(Path.Combine(path, program)));
        if (!found) say($"{program} is not installed: left out");
        return found;
    }

    private async Task MeasureAsync(IPeer started, int switches, int rate, Dictionary<string, PeerReport> reports, CancellationToken ct)
    {
        await using var peer = started;
        var driven = peer as DrivenPeer;
        if (driven is not null) await driven.BeginAsync(ct);
        var reloads = peer.Reloads;
        await using var traffic = new OpenTraffic([peer.Address], "/v2/models/m/infer", rate);
        await traffic.MoreAsync(200, ct);
        traffic.Take();
        var (mixed, requests, failed, late) = (new List<double>(), 0, 0, 0);
        for (var number = 1; number <= switches; number++)
        {
            var (old, next) = number % 2 == 0 ? ("green", "blue") : ("blue", "green");
            await peer.SwitchAsync(number % 2 == 0 ? blue : green, ct);
            var done = TimeProvider.System.GetTimestamp();
            await Task.Delay(Settle, TimeProvider.System, ct);
            var seen = traffic.Take();
            (requests, failed) = (requests + seen.Count, failed + seen.Count(answer => !answer.IsGood));
            late += seen.Count(answer => answer.Sent > done && answer.Version == old);
            mixed.Add(Staleness.MixedMilliseconds(seen, old, next));
        }

        var report = new PeerReport
        {
            Switches = switches,
            Requests = requests,
            Failed = failed,
            MixedMs = Quantiles.Of(mixed),
            Late = late,
            Unconfirmed = driven?.Receipts.Count(receipt => !receipt.Confirmed),
            ConvergenceMs = driven is null ? null : Quantiles.Of(driven.Receipts.Select(DrivenPeer.MillisecondsOf).OfType<double>()),
            Reloads = peer.Reloads - reloads,
        };
        reports[peer.Name] = report;
        say($"{peer.Name}: {report}");
    }
}
