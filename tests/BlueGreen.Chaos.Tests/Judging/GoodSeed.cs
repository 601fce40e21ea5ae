using BlueGreen.Chaos.Evidence;
using BlueGreen.Demo.Load;

namespace BlueGreen.Chaos.Tests.Judging;

/// <summary>
/// The evidence of a seed in which everything went well: <c>v1</c> first, <c>v2</c> took over and was committed, <c>v3</c> was switched to
/// and reverted by an alarm. Tests plant what must not be in it.
/// </summary>
internal static class GoodSeed
{
    public const string Endpoint = "alpha";
    public static readonly Guid V1 = Id(1), V2 = Id(2), V3 = Id(3);
    public static readonly Guid E1 = Id(11), E2 = Id(12), E3 = Id(13);
    public static readonly DateTimeOffset Zero = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyValuePair<string, string>[] Passed = [new("health", "Passed"), new("error-rate", "Passed")];

    public static SeedEvidence Create() => new()
    {
        ClockZero = Zero,
        Promotions = [new(V1, "v1"), new(V2, "v2"), new(V3, "v3")],
        Alarms = [new AcknowledgedAlarm("alarm-v3", 8_100_000, V3)],
        Deployments =
        [
            new(V1, Endpoint, "v1", "Committed", E1, null, 1, Passed), new(V2, Endpoint, "v2", "Committed", E2, null, 3, Passed),
            new(V3, Endpoint, "v3", "RolledBack", E3, "alarm", 5, Passed),
        ],
        // Epochs: switch 1, release 2, switch 3, release 4, switch 5, revert 6.
        Switches =
        [
            new(V1, Endpoint, E1, 1, At(1), At(2)), new(V2, Endpoint, E2, 3, At(3), At(5)), new(V3, Endpoint, E3, 5, At(7), null),
        ],
        Vetoes = [new VetoFact(V3, Endpoint, At(8))],
        Routes = [new RouteFact(Endpoint, 6, E2, null, E2, E2)],
        History =
        [
            .. new[] { V1, V2, V3 }.SelectMany(Story),
            new(9, "stage-ended", V2, Endpoint, null, "Committing: Decommissioned", null),
            new(10, "alarm", V3, Endpoint, null, "alarm-v3: reverted", null),
        ],
        Environments =
        [
            new(E1, V1, Endpoint, "Decommissioned", null), new(E2, V2, Endpoint, "Running", null),
            new(E3, V3, Endpoint, "Quarantined", At(3600)),
        ],
        Decisions = [new DecisionFact("alarm-v3", "reverted")],
        Processes = [new(101, E2, 0), new(102, E2, 1), new(103, E3, 0), new(104, E3, 1)],
        Queues = new Dictionary<string, long> { ["orchestrator-deployment"] = 0, ["orchestrator-deployment_error"] = 0 },
        Backlog = new Dictionary<string, long> { ["router.outbox"] = 0 },
        Requests = new Dictionary<string, IReadOnlyList<RequestRecord>>
        {
            [Endpoint] =
            [
                Answer(1.5, E1, "v1", "1"), Answer(2.5, E1, "v1", "2"), Answer(4, E2, "v2", "3"), Answer(6, E2, "v2", "4"),
                Answer(7.5, E3, "v3", "5"), Answer(8.3, E2, "v2", "5+revert"), Answer(9, E2, "v2", "6"),
            ],
        },
        RouterOutages = [new Outage { From = 20_000_000, To = 25_000_000 }],
        FailingVersions = new HashSet<string> { "bad" },
        Replicas = new Dictionary<string, int> { [Endpoint] = 2 },
        Faults = [],
        PoisonedVersions = new HashSet<string> { "v2" },
        LastVersion = "v2",
    };

    /// <summary>A request that was answered within a millisecond.</summary>
    public static RequestRecord Answer(double second, Guid environment, string version, string epoch) =>
        new((long)(second * 1e6), (long)(second * 1e6), (long)(second * 1e6) + 1_000, 200, environment.ToString(), version, epoch, false, null);

    /// <summary>A request that was not answered.</summary>
    public static RequestRecord Failure(double from, double to) =>
        new((long)(from * 1e6), (long)(from * 1e6), (long)(to * 1e6), 0, null, null, null, false, "connection refused");

    public static SeedEvidence WithRequest(this SeedEvidence evidence, RequestRecord request) => evidence with
    {
        Requests = new Dictionary<string, IReadOnlyList<RequestRecord>>
        {
            [Endpoint] = [.. evidence.Requests[Endpoint].Append(request).OrderBy(record => record.Sent)],
        },
    };

    /// <summary>What another router's clients saw.</summary>
    public static SeedEvidence WithStream(this SeedEvidence evidence, string stream, params IReadOnlyList<RequestRecord> requests) => evidence with
    {
        Requests = new Dictionary<string, IReadOnlyList<RequestRecord>>(evidence.Requests) { [stream] = requests },
    };

    private static IEnumerable<HistoryFact> Story(Guid id) =>
    [
        new(1, "promoted", id, Endpoint, null, "promoted", null), new(2, "stage-ended", id, Endpoint, null, "Validating: Passed", null),
        new(3, "switched", id, Endpoint, null, "switched", null), new(4, "ended", id, Endpoint, null, "ended", null),
    ];

    private static DateTimeOffset At(double second) => Zero.AddSeconds(second);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
