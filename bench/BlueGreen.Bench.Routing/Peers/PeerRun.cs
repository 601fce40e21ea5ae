using BlueGreen.Bench.Routing.Traffic;

namespace BlueGreen.Bench.Routing.Peers;

/// <summary>The same traffic through HAProxy and NGINX while they are switched.</summary>
internal sealed class PeerRun(Uri blue, Uri green, string folder, Action<string> say)
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(400);

    /// <returns>By name; what is not installed is left out.</returns>
    public async Task<IReadOnlyDictionary<string, PeerReport>?> MeasureAsync(int switches, int rate, CancellationToken ct)
    {
        var reports = new Dictionary<string, PeerReport>();
        if (switches == 0) return reports;
        if (IsInstalled("haproxy")) await MeasureAsync(await HaProxy.StartAsync(blue, green, folder, ct), switches, rate, reports, ct);
        if (IsInstalled("nginx")) await MeasureAsync(await Nginx.StartAsync(blue, folder, ct), switches, rate, reports, ct);
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
        await using var traffic = new OpenTraffic([peer.Address], "/v2/models/m/infer", rate);
        await traffic.MoreAsync(200, ct);
        traffic.Take();
        var (mixed, requests, failed) = (new List<double>(), 0, 0);
        for (var number = 1; number <= switches; number++)
        {
            await peer.SwitchAsync(number % 2 == 0 ? blue : green, ct);
            await Task.Delay(Settle, TimeProvider.System, ct);
            var seen = traffic.Take();
            (requests, failed) = (requests + seen.Count, failed + seen.Count(answer => !answer.IsGood));
            mixed.Add(Staleness.MixedMilliseconds(seen, number % 2 == 0 ? "green" : "blue", number % 2 == 0 ? "blue" : "green"));
        }

        reports[peer.Name] = new PeerReport(switches, requests, failed, Quantiles.Of(mixed));
        say($"{peer.Name}: {reports[peer.Name]}");
    }
}
