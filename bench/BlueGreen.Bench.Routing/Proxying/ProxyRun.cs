using System.Text.Json.Serialization;
using BlueGreen.Bench.Routing.Peers;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Bench.Routing.Proxying;

/// <param name="Time">How long each proxy is measured, each time.</param>
/// <param name="Rounds">How often.</param>
/// <param name="Variants">Ways to run the router; the first is what is shipped.</param>
internal sealed record ProxyPlan(TimeSpan Time, int Rounds, IReadOnlyList<ProxyVariant> Variants);

/// <summary>The same closed-loop load through NGINX, HAProxy and a router, one after the other, several times over.</summary>
internal sealed class ProxyRun(Action<string> say)
{
    private const int Connections = 32;
    private const string InferPath = "/v2/models/m/infer";

    /// <summary>Long enough for the runtime to have compiled what proved hot.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private readonly Dictionary<string, List<LoadResult>> _results = [];
    private (int Sent, int Lost) _copies;

    public async Task<ProxyReport> MeasureAsync(ProxyPlan plan, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen-proxy-").FullName;
        var address = OwnProcess.Loopback();
        await using var model = OwnProcess.Serve(ServedProgram.Model, "model", address, [], folder, "--version", "v1");
        await model.UntilAnswersAsync(address, ct);
        var peers = new PeerRun(address, address, folder, say);
        await using var nginx = peers.IsInstalled("nginx") ? await Nginx.StartAsync(address, folder, ct) : null;
        await using var haproxy = peers.IsInstalled("haproxy") ? await HaProxy.StartAsync(address, address, folder, ct) : null;
        await using var routers = new RouterSet();
        foreach (var variant in plan.Variants) routers.Add(variant.Name, await LoneRouter.StartAsync(address, variant, folder, ct));
        var shipped = routers.All[0].Router;
        for (var round = 0; round <= plan.Rounds; round++)
        {
            // Round 0 warms up.
            var time = round == 0 ? WarmUp : plan.Time;
            await OneAsync("none", address, InferPath, () => model.Cpu, time, round, ct);
            if (nginx is not null) await OneAsync("nginx", nginx.Address, InferPath, () => nginx.Cpu, time, round, ct);
            if (haproxy is not null) await OneAsync("haproxy", haproxy.Address, InferPath, () => haproxy.Cpu, time, round, ct);
            await OneAsync("ours", shipped.Inference, $"/{LoneRouter.Endpoint}{InferPath}", () => shipped.Process.Cpu, time, round, ct);
            await OneAsync("ours_mirroring", shipped.Inference, $"/{LoneRouter.MirroredEndpoint}{InferPath}", () => shipped.Process.Cpu, time, round, ct);
            foreach (var (name, router) in routers.All.Skip(1))
                await OneAsync(name, router.Inference, $"/{LoneRouter.Endpoint}{InferPath}", () => router.Process.Cpu, time, round, ct);
        }

        var lost = await shipped.CopiesAsync("failed", ct) + await shipped.CopiesAsync("dropped", ct);
        _copies = (await shipped.CopiesAsync("sent", ct), lost);

        Directory.Delete(folder, recursive: true);
        return Report();
    }

    private async Task OneAsync(string name, Uri address, string path, Func<TimeSpan> cpu, TimeSpan time, int round, CancellationToken ct)
    {
        var before = cpu();
        var result = await ClosedLoad.RunAsync(address, path, Connections, time, ct);
        result = result with { CpuMicroseconds = (cpu() - before).TotalMicroseconds / Math.Max(1, result.Requests) };
        say($"{(round == 0 ? "warm-up" : $"round {round}")} {name}: {result}");
        if (round == 0) return;
        if (!_results.TryGetValue(name, out var results)) _results[name] = results = [];
        results.Add(result);
    }

    private ProxyReport Report()
    {
        var cpu = _results.Where(entry => entry.Key != "none").ToDictionary(entry => entry.Key, entry => Median(entry.Value, result => result.CpuMicroseconds));
        var (p50, p99) = (ByName(result => result.P50), ByName(result => result.P99));
        return new ProxyReport
        {
            CpuUs = cpu,
            RatioNginx = cpu.TryGetValue("nginx", out var nginx) ? Math.Round(cpu["ours"] / nginx, 2) : null,
            RatiosNginx = _results.ContainsKey("nginx") ? Ratios() : [],
            RatioHaproxy = cpu.TryGetValue("haproxy", out var haproxy) ? Math.Round(cpu["ours"] / haproxy, 2) : null,
            MirrorRatio = Math.Round(Ratio("ours_mirroring", "ours"), 3),
            Copies = _copies.Sent,
            CopiesLost = _copies.Lost,
            AddedP50Ms = Added(p50),
            AddedP99Ms = Added(p99),
            RequestsPerS = ByName(result => result.PerSecond),
            Failed = _results.Values.SelectMany(results => results).Sum(result => result.Failed),
        };
    }

    /// <summary>Of what was measured right after one another: the median over the rounds of each round's ratio.</summary>
    private Dictionary<string, double> Ratios() =>
        _results.Keys.Where(name => name is not ("none" or "nginx")).ToDictionary(name => name, name => Math.Round(Ratio(name, "nginx"), 2));

    private double Ratio(string name, string other)
    {
        var ascending = _results[name].Zip(_results[other]).Select(pair => pair.First.CpuMicroseconds / pair.Second.CpuMicroseconds).Order().ToArray();
        return ascending[ascending.Length / 2];
    }

    private Dictionary<string, double> ByName(Func<LoadResult, double> of) => _results.ToDictionary(entry => entry.Key, entry => Median(entry.Value, of));

    private static Dictionary<string, double> Added(Dictionary<string, double> times) =>
        times.Where(entry => entry.Key != "none").ToDictionary(entry => entry.Key, entry => Math.Round(entry.Value - times["none"], 2));

    private static double Median<T>(IEnumerable<T> results, Func<T, double> of)
    {
        var ascending = results.Select(of).Order().ToArray();
        return Math.Round(ascending[ascending.Length / 2], 2);
    }
}

/// <summary>The last line of <c>proxy</c>.</summary>
internal sealed record ProxyReport : IReport
{
    private const double MostTimesNginx = 2.5;
    private const double GoalTimesNginx = 1.8;
    private const double MostWithMirror = 1.15;

    /// <summary>The proxy's processor time per request, microseconds.</summary>
    public required IReadOnlyDictionary<string, double> CpuUs { get; init; }
    public required double? RatioNginx { get; init; }

    /// <summary>Of everything measured, round by round.</summary>
    public required IReadOnlyDictionary<string, double> RatiosNginx { get; init; }
    public required double? RatioHaproxy { get; init; }

    /// <summary>Our processor time with a tenth of the requests mirrored, over ours without.</summary>
    public required double MirrorRatio { get; init; }

    /// <summary>Copies sent, the warm-up's included.</summary>
    public required int Copies { get; init; }

    /// <summary>Copies that had no answer or a bad one, or that there was no room for.</summary>
    public required int CopiesLost { get; init; }
    public required IReadOnlyDictionary<string, double> AddedP50Ms { get; init; }
    public required IReadOnlyDictionary<string, double> AddedP99Ms { get; init; }
    public required IReadOnlyDictionary<string, double> RequestsPerS { get; init; }
    public required int Failed { get; init; }

    public IReadOnlyList<string> Missed => new Bounds()
        .None("failed", Failed)
        .Measured("ratio_nginx", RatioNginx is not null)
        .AtMost("ratio_nginx", RatioNginx, MostTimesNginx)
        .AtMost("mirror_ratio", MirrorRatio, MostWithMirror)
        // What is not sent costs nothing.
        .AtMost("copies_lost", CopiesLost, Copies / 100.0)
        .Missed;

    [JsonIgnore]
    public IReadOnlyList<string> GoalsMissed => new Bounds()
        .AtMost("ratio_nginx", RatiosNginx.Values.Append(RatioNginx ?? double.MaxValue).Min(), GoalTimesNginx).Missed;
}
