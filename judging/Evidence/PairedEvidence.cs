using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// Scores of both colours for the very same rows, in random order. How many differ is a share, judged by its exact (Clopper–Pearson)
/// interval against the limit; the largest differences are named. An answer that only one side gives differs.
/// </summary>
public sealed record PairedEvidence
{
    private const string Unit = "share";
    private const int MostNamed = 3;
    private const double Tail = 0.025;

    /// <summary>Null: no finite score.</summary>
    public required IReadOnlyList<double?> Green { get; init; }

    /// <summary>As many as green's.</summary>
    public required IReadOnlyList<double?> Blue { get; init; }

    /// <summary>Pairs below which nothing is judged.</summary>
    public required int Fewest { get; init; }

    /// <summary>Nothing was compared.</summary>
    public static GateResult Nothing(PairedGate gate, string why) => Unmeasured.Of(GateNames.Paired, Unit, gate.MaxDisagreement, why);

    /// <summary>The first pairs: as many, and as good as any.</summary>
    public PairedEvidence Within(int most) => Green.Count <= most ? this : this with { Green = [.. Green.Take(most)], Blue = [.. Blue.Take(most)] };

    public GateResult Judge(PairedGate gate)
    {
        if (Green.Count < Fewest) return Nothing(gate, $"{Green.Count} pairs of answers, fewer than {Fewest}") with { Samples = Green.Count };
        var apart = Green.Zip(Blue).Where(pair => !(Math.Abs((pair.First ?? double.NaN) - (pair.Second ?? double.NaN)) <= gate.Tolerance)).ToArray();
        var share = new BinomialShare(apart.Length, Green.Count);
        double low = share.LowerBound(Tail), high = share.UpperBound(Tail);
        var verdict = high <= gate.MaxDisagreement ? Verdict.Passed : low > gate.MaxDisagreement ? Verdict.Failed : Verdict.Inconclusive;
        return Nothing(gate, "") with
        {
            Verdict = verdict,
            Value = share.Share,
            Samples = Green.Count,
            IntervalLow = low,
            IntervalHigh = high,
            Summary = FormattableString.Invariant($"{apart.Length} of {Green.Count} answers to the same requests differ by more than {gate.Tolerance:0.####}, ")
                + FormattableString.Invariant($"95 % interval {low:0.0%} to {high:0.0%}, against {gate.MaxDisagreement:0.##%}{Largest(apart)}"),
        };
    }

    private static string Largest((double? Green, double? Blue)[] apart) => apart.Length == 0 ? "" : "; the largest: " + string.Join(", ", apart
        .OrderByDescending(pair => Math.Abs((pair.Green ?? double.MaxValue) - (pair.Blue ?? 0))).Take(MostNamed)
        .Select(pair => $"{Text(pair.Blue)} → {Text(pair.Green)}"));

    private static string Text(double? score) => score is { } number ? FormattableString.Invariant($"{number:0.####}") : "none";
}
