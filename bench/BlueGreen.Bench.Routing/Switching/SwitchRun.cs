using System.Globalization;
using BlueGreen.Bench.Routing.Peers;
using BlueGreen.Bench.Routing.Running;
using BlueGreen.Bench.Routing.Traffic;
using BlueGreen.Contracts;

namespace BlueGreen.Bench.Routing.Switching;

/// <param name="Switches">Fast ones.</param>
/// <param name="Strict">Strict ones.</param>
/// <param name="Peers">Of each other load balancer.</param>
/// <param name="Rate">Requests per second.</param>
internal sealed record SwitchPlan(int Switches, int Strict, int Peers, int Rate);

/// <summary>Switches back and forth while clients ask all three replicas.</summary>
internal sealed class SwitchRun(Action<string> say)
{
    private const int WarmUpSwitches = 30;
    private const int AnswersBetween = 400;
    private readonly List<ClientAnswer> _answers = [];

    public async Task<SwitchReport> MeasureAsync(SwitchPlan plan, CancellationToken ct)
    {
        await using var backends = await Backends.StartAsync(ct);
        var files = new PeerFiles(backends.Folder);
        await using var cluster = await backends.StartClusterAsync(ct, files.Configuration);
        var fast = await SwitchAsync(cluster, "fast", plan.Switches, plan.Rate, ct);
        var strict = await SwitchAsync(cluster, "strict", plan.Strict, plan.Rate, ct);
        var report = new SwitchReport
        {
            Switches = fast.Receipts.Count + strict.Receipts.Count,
            Requests = fast.Requests + strict.Requests,
            RequestsPerS = new[] { fast, strict }.Min(part => part.PerSecond),
            Failed = fast.Failed + strict.Failed,
            WrongEpoch = fast.Wrong + strict.Wrong + strict.Stale,
            Unconfirmed = fast.Receipts.Concat(strict.Receipts).Count(receipt => !receipt.Confirmed),
            ConvergenceMs = Quantiles.Of(fast.Receipts.Select(receipt => receipt.ConvergenceMilliseconds)),
            MixedMs = Quantiles.Of(fast.Mixed),
            StrictHoldMs = Quantiles.Of(strict.Receipts.Select(receipt => receipt.Acknowledgements.Max(entry => entry.HeldMilliseconds) ?? 0)),
            StrictMixedMs = Quantiles.Of(strict.Mixed),
        };
        say($"fast: {fast}\nstrict: {strict}");
        var peers = new PeerRun(cluster.Blue.Replicas[0].Address, cluster.Green.Replicas[0].Address, backends.Folder, say);
        return report with { Peers = await peers.MeasureAsync(cluster, files, plan.Peers, plan.Rate, ct) };
    }

    private async Task<Measured> SwitchAsync(RouterCluster cluster, string cutover, int count, int rate, CancellationToken ct)
    {
        if (count == 0) return new Measured([], [], [], 0, 0, 0);
        var fleets = new[] { cluster.Blue, cluster.Green };
        await cluster.Bus.PublishAsync(Endpoints.Configured(cutover, cutover), ct);
        var epoch = (await cluster.Bus.MustSwitchAsync(cutover, 0, fleets[0], ct)).Epoch;
        await using var traffic = new OpenTraffic([.. cluster.Routers.Select(router => router.Inference)], $"/{cutover}/v2/models/m/infer", rate);
        var (receipts, mixed) = (new List<TrafficSwitched>(), new List<double>());
        _answers.Clear();
        for (var number = 1; number <= count + WarmUpSwitches; number++)
        {
            var made = await cluster.Bus.MustSwitchAsync(cutover, epoch, fleets[number % 2], ct);
            epoch = made.Epoch;
            await traffic.MoreAsync(AnswersBetween, ct);
            var seen = traffic.Take();
            if (number <= WarmUpSwitches) continue;
            _answers.AddRange(seen);
            receipts.Add(made);
            mixed.Add(Staleness.MixedMilliseconds(seen, fleets[(number + 1) % 2].Version, fleets[number % 2].Version));
            if (receipts.Count % 100 == 0) say(Progress(cutover, receipts, _answers.Count));
        }

        await traffic.StopAsync();
        _answers.AddRange(traffic.Take());
        // Epoch 1 made the first fleet live, epoch 2 the second, and so on: the epoch says who must have answered.
        var wrong = _answers.Count(answer => answer.IsGood && (answer.Epoch < 1 || answer.Version != fleets[(answer.Epoch - 1) % 2].Version));
        return new Measured(
            receipts, mixed, [.. _answers], _answers.Count(answer => !answer.IsGood), wrong, cutover == "strict" ? Staleness.Count(_answers) : 0);
    }

    private static string Progress(string cutover, List<TrafficSwitched> receipts, int answers)
    {
        var lately = Quantiles.Of(receipts.TakeLast(100).Select(receipt => receipt.ConvergenceMilliseconds));
        return string.Create(
            CultureInfo.InvariantCulture, $"{cutover}: {receipts.Count} switches, {answers} requests, the last hundred in {lately?.P50:F1} ms, p99 {lately?.P99:F1} ms");
    }

    private sealed record Measured(
        IReadOnlyList<TrafficSwitched> Receipts, IReadOnlyList<double> Mixed, IReadOnlyList<ClientAnswer> Answers, int Failed, int Wrong, int Stale)
    {
        public int Requests => Answers.Count;

        /// <summary>Null: nothing was asked.</summary>
        public double? PerSecond { get; } = ClientAnswer.PerSecond(Answers);

        public override string ToString() => $"{Receipts.Count} switches, {Requests} requests, {Failed} failed, {Wrong} wrong, {Stale} stale";
    }
}
