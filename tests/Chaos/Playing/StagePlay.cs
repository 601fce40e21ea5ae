using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Judging;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Taps;
using BlueGreen.Chaos.Traffic;
using BlueGreen.Chaos.Waiting;
using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>Plays a script on a stage, mends what it broke, waits for quiet and judges.</summary>
internal sealed class StagePlay(
    Stage stage, PostgreSqlServer postgres, RabbitMqServer rabbit, HitsTable hits, Action<string> say, Waits waits)
{
    private const double RequestsPerSecond = 12;
    private const string BusRestart = "had no consumer of this process for";

    /// <summary>RabbitMQ 4.0 loses a quorum queue that was declared less than about a second before a kill.</summary>
    private static readonly TimeSpan TopologySettles = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CollectLimit = TimeSpan.FromMinutes(5);

    private TimeProvider Time => stage.Clock.Time;

    public async Task<SeedResult> PlayAsync(Func<SeedScene, Task>? tamper, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(stage.Database);
        var poison = new Poison(source, waits, Time);
        await poison.PrepareAsync([.. stage.Script.Stories.SelectMany(story => story.Promotions).Where(step => step.IsPoisoned).Select(step => step.Version)], ct);
        await using var states = new StateFeed(stage.Database, Time);
        await states.StartAsync(ct);
        using var management = new BrokerManagement(rabbit, stage.Broker);
        await using var tap = await MessageTap.OpenAsync(stage.Broker, await management.MessageExchangesAsync(ct), ct);
        var messages = new MessageFaults(tap, management, waits, Time, Say);
        using var containers = new ContainerFaults(postgres, rabbit, waits, Time);
        await containers.PrepareAsync(ct);
        var faults = new FaultInjector(stage.Services, stage.Lines, containers, messages, states, hits, Say, Time);
        using var registry = new Registry(stage.Platform, stage.Folder, Time);
        using var alerting = new Alerting(stage.Platform, stage.Clock);
        using var operators = new Operators(stage.Platform, states, poison, waits, Say, Time);
        await Task.Delay(TopologySettles, Time, ct);
        await using var traffic = new PlatformTraffic(stage, RequestsPerSecond);
        await using var supervision = new Supervision(stage.Services, ct);
        var player = new StoryPlayer(registry, alerting, operators, states, faults, waits, Time);
        var unfinished = await player.PlayAsync(stage.Script, ct);
        Say(unfinished ?? "the stories are told");
        await stage.Services.HealAsync(ct);
        await messages.HealAsync(ct);
        Say("everything is mended");
        var script = unfinished is null ? stage.Script : stage.Script with { Last = null };
        await player.PlayLastAsync(script, ct);
        var collector = new EvidenceCollector(
            script, source, management, stage.Folder, registry, alerting, stage.Services, traffic.Streams, stage.Clock);
        var result = await JudgeAsync(collector, unfinished, evidence => tamper?.Invoke(new SeedScene(source, stage.Folder, evidence)), ct);
        return result.Verdict.IsGood ? result : result with { Notes = [.. result.Notes, .. await StuckAsync(result.Evidence, management, ct)] };
    }

    /// <summary>What helps to see why messages were left in queues.</summary>
    private async Task<IReadOnlyList<string>> StuckAsync(SeedEvidence evidence, BrokerManagement management, CancellationToken ct)
    {
        string[] full = [.. evidence.Queues.Where(queue => queue.Value > 0).Select(queue => queue.Key)];
        return full.Length == 0 ? [] : [.. await management.DescribeAsync(full, ct), .. stage.Services.LastWordsOf(full)];
    }

    private void Say(string what) => say($"{stage.Clock.Now / 1e6,6:0.0} s  {what}");

    private async Task<SeedResult> JudgeAsync(
        EvidenceCollector collector, string? unfinished, Func<SeedEvidence, Task?> tamper, CancellationToken ct)
    {
        var healed = stage.Clock.Now / 1e6;
        var evidence = await waits.ForAsync("quiet", CollectLimit, collector.CollectAsync, ct);
        if (tamper(evidence) is { } planting)
        {
            await planting;
            evidence = await waits.ForAsync("the evidence", CollectLimit, collector.ReadAsync, ct);
        }

        var seconds = (stage.ReadyAfter, healed - stage.ReadyAfter, (stage.Clock.Now / 1e6) - healed);
        var verdict = Judge.Of(evidence);
        if (unfinished is not null) verdict = verdict with { Stuck = [unfinished, .. verdict.Stuck] };
        return new SeedResult(verdict, evidence, seconds, [.. stage.Services.Crashes, .. Remarkable()], stage.Folder);
    }

    /// <summary>Where a service helped itself in a way that should not be needed.</summary>
    private IEnumerable<string> Remarkable() =>
        from log in Directory.EnumerateFiles(stage.Folder, "*.log")
        from line in File.ReadLines(log)
        where line.Contains(BusRestart, StringComparison.Ordinal)
        select $"{Path.GetFileName(log)}: {line}";

    /// <summary>Runs the supervisor for as long as it lives.</summary>
    private sealed class Supervision : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly Task _supervising;

        public Supervision(ServiceControl services, CancellationToken ct)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            _supervising = services.SuperviseAsync(_stop.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _supervising;
            _stop.Dispose();
        }
    }
}
