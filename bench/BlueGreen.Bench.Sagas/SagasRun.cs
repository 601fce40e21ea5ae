using System.Globalization;
using BlueGreen.Bench.Sagas.Measuring;
using BlueGreen.Bench.Sagas.Running;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Bench.Sagas;

/// <summary>Plays the deployments and takes the figures.</summary>
internal sealed class SagasRun(
    SevenProcesses platform, PostgreSqlServer postgres, RabbitMqServer rabbit, string database, Action<string> say, TimeProvider time)
{
    private const int Clients = 16;
    private const int WarmUp = 200;
    private const int AtOne = 40;
    private const int ProbeSize = 48;
    private const int ProbeInFlight = 8;
    private const int MostLooks = 12;
    private const double SettledCpu = 400;
    private const int LeastLoad = 200;
    private static readonly int[] Series = [10, 100, 1000, 10_000];
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CpuMeter _cpu = new(platform, postgres, rabbit);
    private int _promoted;
    private int _done;

    /// <exception cref="TimeoutException">Nothing ended for a while.</exception>
    public async Task<SagasReport> MeasureAsync(SagasPlan plan, CancellationToken ct)
    {
        await using var tables = new PlatformDatabase(database);
        using var registry = new Registry(platform, time);
        await PrepareAsync(plan, registry, tables, ct);
        var idle = await SettleAsync(ct);
        var growth = new List<double?> { await CostAtAsync(10, plan, registry, tables, ct), await CostAtAsync(100, plan, registry, tables, ct) };
        var atOne = await OneByOneAsync(plan, registry, tables, ct);
        var load = await LoadAsync(plan, registry, tables, ct);
        foreach (var at in Series[2..]) growth.Add(at <= plan.Done ? await CostAtAsync(at, plan, registry, tables, ct) : null);
        return load with { IdleCpu = idle, OverheadAtOne = atOne, Growth = growth, NotCommitted = await tables.UncommittedAsync(ct) };
    }

    /// <summary>Every endpoint gets its first deployment: from then on each one replaces another, and the processes are warm.</summary>
    private async Task PrepareAsync(SagasPlan plan, Registry registry, PlatformDatabase tables, CancellationToken ct)
    {
        say($"configuring {plan.InFlight} endpoints");
        await Parallel.ForAsync(0, plan.InFlight, Limited(ct), async (endpoint, token) => await registry.ConfigureAsync(endpoint, token));
        say("warming up");
        await PlayAsync(Math.Max(plan.InFlight, WarmUp), plan.InFlight, plan, registry, tables, ct);
        await tables.ForgetDeploymentsAsync(ct);
        _done = 0;
    }

    /// <summary>After the warm-up the runtime goes on compiling what proved hot, for quite a while: that is not what a deployment costs.</summary>
    private async Task<double> SettleAsync(CancellationToken ct)
    {
        var idle = await IdleAsync(ct);
        for (var looks = 1; looks < MostLooks && idle > SettledCpu; looks++) idle = await IdleAsync(ct);
        return idle;
    }

    /// <returns>Processor milliseconds of all processes per second with nothing to do.</returns>
    private async Task<double> IdleAsync(CancellationToken ct)
    {
        var before = await _cpu.ReadAsync(ct);
        await Task.Delay(IdleTime, time, ct);
        var idle = CpuMeter.Between(before, await _cpu.ReadAsync(ct), (int)IdleTime.TotalSeconds).Values.Sum();
        say(string.Create(CultureInfo.InvariantCulture, $"idle: {idle:F0} ms of processor time per second"));
        return Math.Round(idle, 1);
    }

    /// <returns>Processor milliseconds of all processes per deployment, when so many are done.</returns>
    private async Task<double?> CostAtAsync(int done, SagasPlan plan, Registry registry, PlatformDatabase tables, CancellationToken ct)
    {
        if (_done < done) await PlayAsync(done - _done, plan.InFlight, plan, registry, tables, ct);
        // What a burst leaves behind it, compiling and the database's own housekeeping, is not the next deployment's cost.
        await SettleAsync(ct);
        var (begin, before) = (time.GetTimestamp(), await _cpu.ReadAsync(ct));
        await PlayAsync(ProbeSize, Math.Min(ProbeInFlight, plan.InFlight), plan, registry, tables, ct);
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        var costs = CpuMeter.Between(before, await _cpu.ReadAsync(ct), ProbeSize);
        var cost = costs.Values.Sum();
        var shares = string.Join(", ", costs.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Key} {share.Value:F1}")));
        say(string.Create(CultureInfo.InvariantCulture, $"after {done} deployments one costs {cost:F1} ms of processor time ({shares}); {seconds:F1} s"));
        return Math.Round(cost, 1);
    }

    private async Task<Quantiles> OneByOneAsync(SagasPlan plan, Registry registry, PlatformDatabase tables, CancellationToken ct)
    {
        var since = await tables.NowAsync(ct);
        for (var i = 0; i < AtOne; i++)
        {
            var deployment = await PromoteNextAsync(plan, registry, ct);
            while (!await tables.HasEndedAsync(deployment, ct)) await Task.Delay(ShortPoll, time, ct);
            _done++;
        }

        var overhead = Quantiles.Of(await tables.OverheadsAsync(since, ct));
        say($"one at a time: overhead p50 {overhead.P50} ms, p99 {overhead.P99} ms");
        return overhead;
    }

    private async Task<SagasReport> LoadAsync(SagasPlan plan, Registry registry, PlatformDatabase tables, CancellationToken ct)
    {
        var rounds = Math.Max(2, (LeastLoad + plan.InFlight - 1) / plan.InFlight);
        var count = rounds * plan.InFlight;
        var since = await tables.NowAsync(ct);
        var (messages, commits, bytes) = (await tables.ConsumedAsync(ct), await tables.CommitsAsync(ct), await tables.BytesAsync(ct));
        var cpu = await _cpu.ReadAsync(ct);
        var begin = time.GetTimestamp();
        for (var round = 0; round < rounds; round++) await PlayAsync(plan.InFlight, plan.InFlight, plan, registry, tables, ct);
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        var used = CpuMeter.Between(cpu, await _cpu.ReadAsync(ct), count);
        messages = await tables.ConsumedAsync(ct) - messages;
        var report = new SagasReport
        {
            DeploymentsPerSecond = Math.Round(count / seconds, 2),
            MessagesPerSecond = Math.Round(messages / seconds, 1),
            Overhead = Quantiles.Of(await tables.OverheadsAsync(since, ct)),
            OverheadAtOne = new Quantiles(0, 0),
            BytesPerDeployment = (await tables.BytesAsync(ct) - bytes) / count,
            Growth = [],
            InFlight = plan.InFlight,
            Deployments = count,
            NotCommitted = 0,
            MessagesPerDeployment = Math.Round((double)messages / count, 1),
            CommitsPerDeployment = Math.Round((double)(await tables.CommitsAsync(ct) - commits) / count, 1),
            CpuPerDeployment = used,
            IdleCpu = 0,
        };
        say($"{plan.InFlight} in flight: {report.ToJson()}");
        return report;
    }

    /// <summary>Promotes as fast as the webhook takes it, with no more than so many in flight, and waits for the ends.</summary>
    private async Task PlayAsync(
        int count, int inFlight, SagasPlan plan, Registry registry, PlatformDatabase tables, CancellationToken ct)
    {
        var goal = _done + count;
        for (var left = count; left > 0;)
        {
            var batch = Math.Min(left, inFlight);
            await Parallel.ForAsync(0, batch, Limited(ct), async (_, token) => await PromoteNextAsync(plan, registry, token));
            left -= batch;
            await UntilEndedAsync(goal - left, tables, ct);
        }

        _done = goal;
    }

    private Task<Guid> PromoteNextAsync(SagasPlan plan, Registry registry, CancellationToken ct)
    {
        var number = Interlocked.Increment(ref _promoted) - 1;
        return registry.PromoteAsync(number % plan.InFlight, 1 + (number / plan.InFlight), ct);
    }

    private async Task UntilEndedAsync(int goal, PlatformDatabase tables, CancellationToken ct)
    {
        var (last, since) = (-1L, time.GetTimestamp());
        while (await tables.EndedAsync(ct) is var ended && ended < goal)
        {
            if (ended != last) (last, since) = (ended, time.GetTimestamp());
            if (time.GetElapsedTime(since) > Patience) throw new TimeoutException($"{ended} of {goal} deployments ended, and no more.");
            await Task.Delay(Poll, time, ct);
        }
    }

    private static ParallelOptions Limited(CancellationToken ct) => new() { MaxDegreeOfParallelism = Clients, CancellationToken = ct };
}
