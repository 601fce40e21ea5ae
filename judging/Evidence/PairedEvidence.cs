using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// Answers of both colours to the very same rows, in random order, output by output. How many differ is a share, judged by its exact
/// (Clopper–Pearson) interval against the limit; the intervals hold for all outputs together (Bonferroni), and the worst speaks for all. The
/// largest differences are named. An answer that only one side gives differs.
/// </summary>
public sealed record PairedEvidence
{
    private const string Unit = "share";
    private const int MostNamed = 3;
    private const double Error = 0.05;

    /// <summary>The outputs that blue gives, each with as many rows.</summary>
    public required IReadOnlyList<PairedOutput> Outputs { get; init; }

    /// <summary>Pairs below which nothing is judged.</summary>
    public required int Fewest { get; init; }

    /// <summary>Nothing was compared.</summary>
    public static GateResult Nothing(PairedGate gate, string why) => Unmeasured.Of(GateNames.Paired, Unit, gate.MaxDisagreement, why);

    /// <summary>The first pairs: as many, and as good as any.</summary>
    public PairedEvidence Within(int most) => this with { Outputs = [.. Outputs.Select(output => output.First(most))] };

    public GateResult Judge(PairedGate gate) => Judge(gate, Error / 2);

    /// <param name="gate">The limits.</param>
    /// <param name="tail">Probability with which either end of any output's interval may err.</param>
    public GateResult Judge(PairedGate gate, double tail)
    {
        PairedOutput[] judged = [.. Outputs.Where(output => !OutputSet.IsIgnored(gate.Ignore, output.Name) && !output.IsFreeText)];
        if (judged.Length == 0) return Nothing(gate, Outputs.Count == 0 ? "there are no answers" : "no output is left to compare: free text is not");
        if (judged[0].Count < Fewest) return Nothing(gate, $"{judged[0].Count} pairs of answers, fewer than {Fewest}") with { Samples = judged[0].Count };
        var results = judged.Select(output => Judge(gate, output, tail / judged.Length)).ToArray();
        var worst = results.MaxBy(result => (result.Verdict == Verdict.Failed ? 2 : result.Verdict == Verdict.Inconclusive ? 1 : 0, result.Value))!;
        return results.Length == 1 ? worst : worst with { Summary = $"{worst.Summary} ({results.Length} outputs, this the worst)" };
    }

    private GateResult Judge(PairedGate gate, PairedOutput output, double tail)
    {
        var apart = output.Apart(gate.Tolerance);
        var share = new BinomialShare(apart.Count, output.Count);
        double low = share.LowerBound(tail), high = share.UpperBound(tail);
        var name = Outputs.Count > 1 ? output.Name : null;
        return Nothing(gate, "") with
        {
            Verdict = high <= gate.MaxDisagreement ? Verdict.Passed : low > gate.MaxDisagreement ? Verdict.Failed : Verdict.Inconclusive,
            Value = share.Share,
            Samples = output.Count,
            IntervalLow = low,
            IntervalHigh = high,
            Output = name,
            Summary = $"{(name is null ? "" : $"output {name}: ")}{apart.Count} of {output.Count} answers to the same requests differ"
                + (output.BlueLabels.Count > 0 ? "" : FormattableString.Invariant($" by more than {gate.Tolerance:0.####}"))
                + FormattableString.Invariant($", {1 - (2 * tail):0.##%} interval {low:0.0%} to {high:0.0%}, against {gate.MaxDisagreement:0.##%}{Largest(apart)}"),
        };
    }

    private static string Largest(IReadOnlyList<(double Distance, string Text)> apart) => apart.Count == 0 ? "" : "; the largest: "
        + string.Join(", ", apart.OrderByDescending(pair => pair.Distance).Take(MostNamed).Select(pair => pair.Text));
}
