using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Judging;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Serving;
using BlueGreen.Chaos.Taps;
using BlueGreen.Chaos.Traffic;
using BlueGreen.Demo.Load;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>Reads what a seed left behind, until it is quiet or patience ends.</summary>
internal sealed class EvidenceCollector(
    ChaosScript script, NpgsqlDataSource database, BrokerManagement broker, string folder, Registry registry, Alerting alerting,
    ServiceControl services, IReadOnlyDictionary<string, EndpointTraffic> traffic, RunClock clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(700);

    /// <summary>A step of the platform's own may need five deadlines of half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>The evidence as it stood when everything was quiet twice in a row, else as it stood at the end of the wait.</summary>
    public async Task<SeedEvidence> CollectAsync(CancellationToken ct)
    {
        var begin = clock.Time.GetTimestamp();
        for (var quiet = 0; ;)
        {
            var evidence = await ReadAsync(ct);
            var isLate = clock.Time.GetElapsedTime(begin) > Patience;
            quiet = !isLate && IsQuiet(evidence) ? quiet + 1 : 0;
            if (quiet == 2 || isLate) return evidence;
            await Task.Delay(Interval, clock.Time, ct);
        }
    }

    /// <summary>The evidence as it stands.</summary>
    public async Task<SeedEvidence> ReadAsync(CancellationToken ct)
    {
        var reader = new DatabaseReader(database);
        return new SeedEvidence
        {
            ClockZero = clock.StartedAt,
            Promotions = [.. registry.Acknowledged],
            Alarms = [.. alerting.Acknowledged],
            Deployments = await reader.DeploymentsAsync(ct),
            Switches = await reader.SwitchesAsync(ct),
            Vetoes = await reader.VetoesAsync(ct),
            Routes = await reader.RoutesAsync(ct),
            History = await reader.HistoryAsync(ct),
            Environments = await reader.EnvironmentsAsync(ct),
            Decisions = await reader.DecisionsAsync(ct),
            Processes = FleetProcesses.Under(folder),
            Queues = (await broker.QueuesAsync(ct)).Where(queue => queue.Key != MessageTap.Queue).ToDictionary(),
            Backlog = await reader.BacklogAsync(ct),
            Faults = await reader.FaultsAsync(ct),
            Requests = traffic.ToDictionary(stream => stream.Key, stream => stream.Value.Records),
            RouterOutages = [.. services.RouterOutages],
            FailingVersions = Versions(step => step.Kind is ReleaseKind.FailingLive or ReleaseKind.Failing),
            PoisonedVersions = Versions(step => step.IsPoisoned),
            LastVersion = script.LastVersion,
            Replicas = script.Stories.ToDictionary(story => story.Endpoint, story => story.Replicas),
        };
    }

    private HashSet<string> Versions(Func<PromotionStep, bool> which) =>
        script.Stories.SelectMany(story => story.Promotions).Where(which).Select(step => step.Version).ToHashSet();

    /// <summary>Everybody has heard of everything: what is wrong now stays wrong.</summary>
    private static bool IsQuiet(SeedEvidence evidence) =>
        !QuietJudge.Find(evidence).Any() && !FleetJudge.Find(evidence).Any() && !RouteJudge.Find(evidence).Any()
        && !LossJudge.Find(evidence).Any();
}
