using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using BlueGreen.Bench.Routing.Running;
using BlueGreen.Bench.Routing.Traffic;

namespace BlueGreen.Bench.Routing.RollingBack;

/// <param name="Trials">Of each kind.</param>
/// <param name="Rate">Requests per second.</param>
internal sealed record RollbackPlan(int Trials, int Rate);

/// <summary>
/// Alarms, one endpoint after the other, while clients ask that endpoint at all three replicas: from the alarm's first byte to the sending
/// of the last request that green answered.
/// </summary>
internal sealed class RollbackRun(Action<string> say) : IDisposable
{
    private const int WarmUpTrials = 10;
    private const int AtOnce = 8;
    private const int AnswersBefore = 30;

    /// <summary>Milliseconds.</summary>
    private const double Never = 3_600_000;
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(400);
    private readonly HttpClient _alarms = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private int _failed;

    public async Task<RollbackReport> MeasureAsync(RollbackPlan plan, CancellationToken ct)
    {
        await using var backends = await Backends.StartAsync(ct);
        await using var cluster = await backends.StartClusterAsync(ct);
        var address = OwnProcess.Loopback();
        await using var rollback = OwnProcess.Serve(ServedProgram.Rollback, "rollback", address, [
            .. cluster.PlatformSettings("rollback", backends.Database), ("BlueGreen:Rollback:Sources:generic:Token", cluster.Token)], backends.Folder);
        await rollback.UntilAnswersAsync(new Uri(address, "health/ready"), ct);
        _alarms.BaseAddress = address;
        _alarms.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Token);
        var alls = await PrepareAsync(cluster, "up", plan.Trials + WarmUpTrials, ct);
        var brokers = await PrepareAsync(cluster, "broker", plan.Trials, ct);
        var databases = await PrepareAsync(cluster, "database", plan.Trials, ct);
        // Rules are read every five seconds.
        await Task.Delay(TimeSpan.FromSeconds(7), TimeProvider.System, ct);

        var up = (await TrialsAsync(cluster, alls, plan.Rate, ct))[WarmUpTrials..];
        await backends.Rabbit.StopAsync(ct);
        var brokerDown = await TrialsAsync(cluster, brokers, plan.Rate, ct);
        await backends.Postgres.StopAsync(ct);
        var databaseDown = await TrialsAsync(cluster, databases, plan.Rate, ct);
        await backends.Postgres.StartAsync(ct);
        await backends.Rabbit.StartAsync(ct);
        return new RollbackReport
        {
            Trials = plan.Trials,
            RollbackMs = Quantiles.Of(up),
            BrokerDownMs = Quantiles.Of(brokerDown),
            DatabaseDownMs = Quantiles.Of(databaseDown),
            Failed = _failed,
            NeverBack = up.Concat(brokerDown).Concat(databaseDown).Count(time => time >= Never),
        };
    }

    public void Dispose() => _alarms.Dispose();

    /// <summary>Endpoints on which green has just replaced blue.</summary>
    private async Task<IReadOnlyList<string>> PrepareAsync(RouterCluster cluster, string kind, int count, CancellationToken ct)
    {
        var names = Enumerable.Range(0, count).Select(number => $"{kind}-{number}").ToArray();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (name, token) =>
        {
            await cluster.Bus.PublishAsync(Endpoints.Configured(name), token);
            var first = await cluster.Bus.MustSwitchAsync(name, 0, cluster.Blue, token);
            await cluster.Bus.MustSwitchAsync(name, first.Epoch, cluster.Green, token);
        });
        say($"{kind}: {count} endpoints switched");
        return names;
    }

    private async Task<double[]> TrialsAsync(RouterCluster cluster, IReadOnlyList<string> endpoints, int rate, CancellationToken ct)
    {
        await using var traffic = new OpenTraffic([.. cluster.Routers.Select(router => router.Inference)], $"/{endpoints[0]}/v2/models/m/infer", rate);
        var times = new List<double>();
        foreach (var endpoint in endpoints)
        {
            traffic.Path = $"/{endpoint}/v2/models/m/infer";
            await traffic.MoreAsync(AnswersBefore, ct);
            traffic.Take();
            await traffic.MoreAsync(AnswersBefore, ct);
            var raised = TimeProvider.System.GetTimestamp();
            var answer = RaiseAsync(endpoint, ct);
            await Task.Delay(Watch, TimeProvider.System, ct);
            var seen = traffic.Take();
            _failed += seen.Count(request => !request.IsGood);
            var lastOfGreen = seen.Where(request => request.Version == cluster.Green.Version).Select(request => request.Sent).DefaultIfEmpty(0).Max();
            var isBack = seen.Count > 0 && seen.MaxBy(request => request.Sent).Version == cluster.Blue.Version;
            // A trial without an end counts as an hour: it must show.
            times.Add(isBack ? Math.Max(0, TimeProvider.System.GetElapsedTime(raised, Math.Max(raised, lastOfGreen)).TotalMilliseconds) : Never);
            if (times.Count % 50 == 0) say($"{endpoint}: {Quantiles.Of(times)}, the alarm was answered {(answer.IsCompleted ? await answer : 0)}");
        }

        return [.. times];
    }

    private async Task<int> RaiseAsync(string endpoint, CancellationToken ct)
    {
        using var alarm = JsonContent.Create(new { name = "bench", status = "firing", labels = new Dictionary<string, string> { ["endpoint"] = endpoint } });
        using var answer = await _alarms.PostAsync(new Uri("alarms/generic", UriKind.Relative), alarm, ct);
        return (int)answer.StatusCode;
    }
}

/// <summary>The last line of <c>rollback</c>.</summary>
internal sealed record RollbackReport : IReport
{
    private const double MostMilliseconds = 250;
    private const double GoalMilliseconds = 50;

    public required int Trials { get; init; }
    public required Quantiles? RollbackMs { get; init; }
    public required Quantiles? BrokerDownMs { get; init; }

    /// <summary>With the broker down as well.</summary>
    public required Quantiles? DatabaseDownMs { get; init; }

    /// <summary>Requests that were answered with anything but 200.</summary>
    public required int Failed { get; init; }

    /// <summary>Trials in which traffic did not come back.</summary>
    public required int NeverBack { get; init; }

    public IReadOnlyList<string> Missed => Judged(MostMilliseconds).None("failed", Failed).None("never_back", NeverBack).Missed;

    [JsonIgnore]
    public IReadOnlyList<string> GoalsMissed => Judged(GoalMilliseconds).Missed;

    private Bounds Judged(double most) => new Bounds()
        .AtMost("rollback_ms.p99", RollbackMs?.P99, most)
        .AtMost("broker_down_ms.p99", BrokerDownMs?.P99, most)
        .AtMost("database_down_ms.p99", DatabaseDownMs?.P99, most);
}
