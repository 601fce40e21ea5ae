using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// Scores of both colours on different inputs, and how they were looked at. The validator judges by this very record, look by look; judged
/// again by the same gate it gives the same verdict, by another one that gate's: with its own statistic, margin, confidence and sample
/// sizes, as far as the scores go.
/// </summary>
public sealed record DistributionEvidence
{
    /// <summary>What <see cref="ToleratedMissingShare"/> is unless it is set otherwise.</summary>
    public const double UsuallyToleratedMissingShare = 0.05;

    public required SideScores Green { get; init; }
    public required SideScores Blue { get; init; }

    /// <summary>JSON pointer to the slice's name; null: not sliced.</summary>
    public string? SliceBy { get; init; }

    /// <summary>Names of the slices there could be.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>Rows per side that could have been asked at most.</summary>
    public required int Available { get; init; }

    /// <summary>The gate's sample sizes when the looks were taken.</summary>
    public required int MinSamples { get; init; }

    /// <inheritdoc cref="MinSamples"/>
    public required int MaxSamples { get; init; }

    /// <summary>Predictions per side below which nothing is judged.</summary>
    public required int Fewest { get; init; }

    /// <summary>Largest share of predictions that a side may owe.</summary>
    public required double ToleratedMissingShare { get; init; }

    /// <summary>One per look that was taken.</summary>
    public IReadOnlyList<LookSize> Looks { get; init; } = [];

    /// <summary>True when there are no more requests to ask.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>What retrains of blue answered, for a margin that is fitted.</summary>
    public IReadOnlyList<RetrainScores> Retrains { get; init; } = [];

    /// <summary>Nothing was compared.</summary>
    public static GateResult Nothing(DistributionGate gate, string why) => Unmeasured.Of(
        DistributionTest.NameOf(gate), DistributionStatistic.Find(gate.Statistic)?.Unit ?? gate.Statistic, gate.Margin, why);

    /// <summary>The first scores of each side: fewer, and as good as any.</summary>
    public DistributionEvidence Within(int most) => Math.Max(Green.Count, Blue.Count) <= most ? this : this with
    {
        Green = Green.First(most),
        Blue = Blue.First(most),
        Retrains = [.. Retrains.Select(retrain => retrain with { Scores = retrain.Scores.First(most) })],
        IsExhausted = false,
    };

    /// <summary>The size that the next look wants; null: none is left.</summary>
    public int? Next(DistributionGate gate) =>
        IsExhausted ? null : Schedule(gate).Cast<int?>().ElementAtOrDefault(Looks.Count);

    /// <summary>Why the scores cannot be judged by the gate, whatever more there will be; null when they can.</summary>
    public string? WhyNot(DistributionGate gate) => OutputSet.WhyNot(gate, this);

    /// <summary>The verdict, look by look until one decides.</summary>
    public GateResult Judge(DistributionGate gate)
    {
        if (WhyNot(gate) is { } why) return Nothing(gate, why) with { Samples = Math.Min(Green.Count, Blue.Count) };
        if (gate.SliceBy is not null && gate.SliceBy != SliceBy) return Nothing(gate, $"the scores were not kept by {gate.SliceBy}");
        var outputs = new OutputSet(gate, this, Confidence(gate));
        var sizes = Sizes(gate).ToList();
        foreach (var (size, isLast) in sizes)
        {
            var result = outputs.Judge(Green.First(size.Green), Blue.First(size.Blue));
            if (result.Verdict != Verdict.Inconclusive) return result;
            if (isLast) return Wants(gate, sizes.Count) ? result with { Summary = $"{result.Summary}; more samples would have been asked for" } : result;
        }

        return Nothing(gate, "there are no scores");
    }

    /// <summary>Adds how often the gate would have failed blue itself, on as many answers of the output that the result is of.</summary>
    public GateResult Calibrate(DistributionGate gate, GateResult result, CancellationToken cancellationToken) =>
        result.Value is null || Blue.Count == 0 ? result : result with
        {
            FalseAlarmRate = new OutputSet(gate, this, Confidence(gate)).FalseAlarmRate(result, cancellationToken),
        };

    internal string? Missing(string name, SideScores side)
    {
        if (side.MissingShare > ToleratedMissingShare)
            return FormattableString.Invariant($"{name} owes {side.MissingShare:0.#%} of its predictions")
                + (side.Error is null ? " (null or not finite)" : $" (e.g. {side.Error})");
        return side.Count >= Fewest ? null : $"{name} gave {side.Count} predictions, fewer than {Fewest}";
    }

    /// <summary>Sample sizes at which the gate looks: twice as many from look to look.</summary>
    private IEnumerable<int> Schedule(DistributionGate gate)
    {
        var last = Math.Min(gate.MaxSamples, Available);
        var size = Math.Min(Math.Max(gate.MinSamples, Fewest), last);
        for (; size < last; size = (int)Math.Min(last, 2L * size)) yield return size;
        yield return last;
    }

    /// <summary>Every look, every slice and every output spends its share of the error (Bonferroni over what there can be).</summary>
    private double Confidence(DistributionGate gate) => DistributionTest.ShareOfConfidence(
        gate.Confidence, Schedule(gate).Count() * (1 + (gate.SliceBy is null ? 0 : Slices.Count)) * Math.Max(1, OutputSet.Of(gate, Blue).Count));

    /// <summary>The looks as they were taken, when the gate takes them so; otherwise as it would have, with what there is.</summary>
    private IEnumerable<(LookSize Size, bool IsLast)> Sizes(DistributionGate gate)
    {
        if (gate.MinSamples == MinSamples && gate.MaxSamples == MaxSamples)
            return Looks.Select((look, index) => (look, index == Looks.Count - 1));
        var most = Math.Min(Green.Count, Blue.Count);
        var schedule = Schedule(gate).ToList();
        // More than the gate's maximum is not looked at, however much was kept.
        var last = Math.Min(schedule.Count - 1, schedule.Count(size => size < most));
        return schedule.Take(last + 1).Select((size, index) => (new LookSize(Math.Min(size, Green.Count), Math.Min(size, Blue.Count)), index == last));
    }

    private bool Wants(DistributionGate gate, int looked) => !IsExhausted && looked < Schedule(gate).Count();
}
