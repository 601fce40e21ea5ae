using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Evidence;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Holds green's answers to live requests against blue's to copies of them, by the gates' own margins: Passed when the whole interval is
/// within, Failed when all of it is beyond, else Inconclusive.
/// </summary>
/// <remarks>
/// <para>It looks when there are twice as many pairs as there ever were at a look, after each eighth of the longest bake, and when the bake could
/// end: so often at most that it can be told before, and each look spends its share of the error (Bonferroni), both of the gate's confidence
/// and of the false rollbacks that a clean bake may suffer.</para>
/// <para>The intervals are those for independent samples. Scores of the same requests are not; where the colours largely agree, their
/// difference varies less than that, and the intervals err on the side of doubt. Only a green that says the opposite of blue makes them
/// too narrow (by √2 at most).</para>
/// <para>What blue owes is not held against green; what green owes and blue gives is an answer that differs.</para>
/// </remarks>
internal sealed class PairJudge
{
    public const string Prefix = "live-";
    private const int Eighths = 8;

    /// <summary>The first look, and the two at which a bake can end.</summary>
    private const int OtherLooks = 3;
    private const double ToleratedMissingShare = 0.05;
    private readonly List<Comparison> _comparisons = [];
    private readonly TimeSpan _pause;

    /// <param name="comparison">What is compared.</param>
    /// <param name="longest">Of the bake.</param>
    /// <param name="budget">Probability that one comparison fails a green which is at its margin.</param>
    public PairJudge(BakeComparison comparison, TimeSpan longest, double budget)
    {
        _pause = longest / Eighths;
        foreach (var gate in comparison.Distributions)
            _comparisons.Add(new(
                Math.Max(gate.MinSamples, DistributionTest.FewestScores), gate.MaxSamples, budget, 1 - gate.Confidence,
                DistributionEvidence.Nothing(gate, "no pair yet"), (pairs, tail) => Judge(gate, pairs, tail)));
        if (comparison.Paired is { } paired)
            _comparisons.Add(new(
                Math.Min(paired.Requests, DistributionTest.FewestScores), paired.Requests, budget, 0.05,
                PairedEvidence.Nothing(paired, "no pair yet"), (pairs, tail) => Evidence(pairs).Judge(paired, tail)));
    }

    /// <summary>How many comparisons a policy asks for.</summary>
    public static int Count(BakeComparison? comparison) =>
        comparison is null ? 0 : comparison.Distributions.Count + (comparison.Paired is null ? 0 : 1);

    /// <summary>The last look at each comparison.</summary>
    public IReadOnlyList<GateResult> Results => [.. _comparisons.Select(comparison => comparison.Result)];

    public string? Failure => _comparisons.Select(comparison => comparison.Result).FirstOrDefault(result => result.Verdict == Verdict.Failed)
        is { } failed ? $"{failed.Gate}: {failed.Summary}" : null;

    /// <summary>The pairs of the last look.</summary>
    public PairedEvidence? Pairs { get; private set; }

    /// <summary>There is no blue: nothing can be compared, and nothing has to be.</summary>
    public void NotApplicable()
    {
        foreach (var comparison in _comparisons)
            comparison.Tell(comparison.Result with { Verdict = Verdict.NotApplicable, Summary = "a first deployment has no blue to compare with" });
    }

    /// <summary>Takes in what the routers remember; most of the times nothing is judged, because there is little that is new.</summary>
    /// <param name="reading">All pairs since the switch.</param>
    /// <param name="now">For the pace of looks.</param>
    /// <param name="stage">Where the bake is.</param>
    public void Look(PairReading reading, DateTimeOffset now, BakeStage stage)
    {
        var judged = false;
        foreach (var comparison in _comparisons) judged |= comparison.Look(reading, now, _pause, stage);
        if (judged) Pairs = Evidence([.. Answered(reading.Pairs)]);
    }

    private static IEnumerable<LivePair> Answered(IEnumerable<LivePair> pairs) =>
        pairs.Where(pair => pair.BlueAnswered && (pair.Green ?? pair.Blue) is not null);

    private static PairedEvidence Evidence(IReadOnlyList<LivePair> pairs) => new()
    {
        Outputs = [new() { Green = [.. pairs.Select(pair => pair.Green)], Blue = [.. pairs.Select(pair => pair.Blue)] }],
        Fewest = 1,
    };

    private static GateResult Judge(DistributionGate gate, IReadOnlyList<LivePair> pairs, double tail)
    {
        var owed = pairs.Count(pair => pair.Green is null);
        if (owed > ToleratedMissingShare * pairs.Count)
            return DistributionEvidence.Nothing(gate, $"green owes {owed} of {pairs.Count} scores") with { Samples = pairs.Count };
        var blue = SortedSample.Of([.. pairs.Select(pair => pair.Blue).OfType<double>()]);
        var green = SortedSample.Of([.. pairs.Select(pair => pair.Green).OfType<double>()]);
        return DistributionTest.Judge(gate, blue, green, 1 - (2 * tail), "the same live inputs");
    }

    /// <summary>One comparison and the looks it has left.</summary>
    private sealed class Comparison
    {
        private readonly (int First, int Most) _pairs;
        private readonly double _tail;
        private readonly Func<IReadOnlyList<LivePair>, double, GateResult> _judge;
        private readonly int _lookLimit;
        private GateResult _judged;
        private int _looks;
        private int _seen;
        private DateTimeOffset _lookedAt;
        private BakeStage _lookedIn;

        public Comparison(int first, int most, double budget, double error, GateResult nothing, Func<IReadOnlyList<LivePair>, double, GateResult> judge)
        {
            (_pairs, _judge) = ((first, Math.Max(first, most)), judge);
            _lookLimit = DistributionTest.Looks(first, _pairs.Most) + Eighths + OtherLooks;
            _tail = Math.Min(error / 2, budget) / _lookLimit;
            Result = _judged = nothing with { Gate = Prefix + nothing.Gate };
        }

        public GateResult Result { get; private set; }

        public void Tell(GateResult result) => Result = result;

        public bool Look(PairReading reading, DateTimeOffset now, TimeSpan pause, BakeStage stage)
        {
            if (Result.Verdict == Verdict.Failed) return false;
            LivePair[] newest = [.. reading.Pairs.TakeLast(_pairs.Most)];
            LivePair[] answered = [.. Answered(newest)];
            var why = WhyNot(newest, answered);
            var isDue = why is null && IsDue(answered.Length, now, pause, stage);
            if (isDue) _judged = _judge(answered, _tail) with { Gate = Result.Gate };
            if (isDue) (_looks, _seen, _lookedAt, _lookedIn) = (_looks + 1, Math.Max(_seen, answered.Length), now, stage);
            if (why is null && _judged.Verdict == Verdict.Passed && reading.Missing.Count > 0)
                why = $"not every router can be read ({string.Join("; ", reading.Missing)})";
            Result = why is null ? _judged : _judged with { Verdict = Verdict.Inconclusive, Summary = why, Samples = answered.Length };
            return isDue;
        }

        private string? WhyNot(LivePair[] newest, LivePair[] answered)
        {
            var owed = newest.Count(pair => !pair.BlueAnswered || pair.Blue is null);
            if (answered.Length < _pairs.First) return $"{answered.Length} live requests answered by both colours, fewer than {_pairs.First}";
            return owed > ToleratedMissingShare * newest.Length ? $"blue owes {owed} of {newest.Length} scores: nothing to hold green against" : null;
        }

        private bool IsDue(int pairs, DateTimeOffset now, TimeSpan pause, BakeStage stage) =>
            _looks < _lookLimit && (_looks == 0 || pairs >= 2 * _seen || now - _lookedAt >= pause || stage > _lookedIn);
    }
}
