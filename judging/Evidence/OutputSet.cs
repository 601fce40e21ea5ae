using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// The outputs that a gate compares: the first of both colours, whatever it is called, the others by their names, as blue gives them. The
/// worst speaks for all. Free text is left out.
/// </summary>
internal sealed class OutputSet
{
    private const int MostNamed = 8;
    private readonly DistributionGate _gate;
    private readonly DistributionEvidence _evidence;
    private readonly double _confidence;
    private readonly Dictionary<string, (DistributionGate Gate, MarginFit? Fit)> _gates;

    /// <param name="gate">As it was asked for.</param>
    /// <param name="evidence">All that there is.</param>
    /// <param name="confidence">Of each interval.</param>
    public OutputSet(DistributionGate gate, DistributionEvidence evidence, double confidence)
    {
        (_gate, _evidence, _confidence) = (gate, evidence, confidence);
        _gates = Of(gate, evidence.Blue).ToDictionary(blue => blue.Output, Fitted, StringComparer.Ordinal);
    }

    /// <summary>Blue's outputs that are compared.</summary>
    public static IReadOnlyList<SideScores> Of(DistributionGate gate, SideScores blue) =>
        [.. blue.All.Where(output => !IsIgnored(gate.Ignore, output.Output) && !output.IsFreeText)];

    /// <summary>Whether the output, or the one that it is a column of, is named.</summary>
    public static bool IsIgnored(IReadOnlyList<string> ignored, string output) => ignored.Any(name =>
        output == name || (output.StartsWith(name, StringComparison.Ordinal) && output.Length > name.Length && output[name.Length] == '.'));

    /// <summary>Why there is nothing to judge by.</summary>
    public static string? WhyNot(DistributionGate gate, DistributionEvidence evidence)
    {
        var judged = Of(gate, evidence.Blue);
        if (judged.Count == 0) return evidence.Blue.IsFreeText ? "the answers are free text" : "no output is left to compare";
        var several = evidence.Blue.Others.Count > 0;
        return judged.Select(blue => (Blue: blue, Green: Partner(blue, evidence.Blue, evidence.Green))).Select(pair =>
        {
            var of = several && pair.Blue.Output.Length > 0 ? $" for output {pair.Blue.Output}" : "";
            return pair.Green is null ? $"green gives no output {pair.Blue.Output}"
                : evidence.Missing($"blue{of}", pair.Blue) ?? evidence.Missing($"green{of}", pair.Green);
        }).FirstOrDefault(why => why is not null);
    }

    /// <summary>One look.</summary>
    public GateResult Judge(SideScores green, SideScores blue)
    {
        var several = blue.Others.Count > 0;
        var results = blue.All.Where(output => _gates.ContainsKey(output.Output))
            .Select(output => Judge(Partner(output, blue, green) ?? SideScores.Empty, output, several)).ToArray();
        var worst = results.FirstOrDefault(result => result.Verdict == Verdict.Failed)
            ?? results.FirstOrDefault(result => result.Verdict == Verdict.Inconclusive)
            ?? results.MaxBy(result => result.Value / result.Threshold)!;
        return results.Length == 1 ? worst : worst with { Summary = $"{worst.Summary}; {results.Length} outputs: {Values(results)}" };
    }

    public double FalseAlarmRate(GateResult result, CancellationToken cancellationToken)
    {
        var blue = _evidence.Blue.All.FirstOrDefault(output => output.Output == result.Output) ?? Of(_gate, _evidence.Blue)[0];
        return Calibration.FalseAlarmRate(_gates[blue.Output].Gate, blue.First(result.Samples), result.Samples, _confidence, cancellationToken);
    }

    private static SideScores? Partner(SideScores output, SideScores blue, SideScores green) =>
        output.Output == blue.Output ? green : green.Others.FirstOrDefault(other => other.Output == output.Output);

    private static string Values(GateResult[] results) => string.Join(", ", results.Take(MostNamed).Select(result =>
        FormattableString.Invariant($"{result.Output} {result.Value:0.000} {result.Unit}"))) + (results.Length > MostNamed ? ", …" : "");

    private (DistributionGate Gate, MarginFit? Fit) Fitted(SideScores blue)
    {
        var gate = OutputTest.For(_gate, blue);
        if (gate.Calibration is null) return (gate, null);
        RetrainScores[] retrains = [.. _evidence.Retrains.Select(retrain => retrain with { Scores = OfRetrain(retrain, blue) }).Where(retrain => retrain.Scores.Count > 0)];
        var fit = Calibration.Fit(gate, blue, retrains, _confidence);
        return (fit is null ? gate : gate with { Margin = fit.Margin }, fit);
    }

    /// <summary>A file without a header is of the first output.</summary>
    private SideScores OfRetrain(RetrainScores retrain, SideScores blue) =>
        retrain.Scores.All.FirstOrDefault(output => output.Output == blue.Output || (output.Output.Length == 0 && blue.Output == _evidence.Blue.Output))
        ?? SideScores.Empty;

    /// <summary>The whole, and every slice: the worst verdict counts and brings its figures.</summary>
    private GateResult Judge(SideScores green, SideScores blue, bool several)
    {
        var (gate, fit) = _gates[blue.Output];
        var whole = OutputTest.Judge(gate, blue, green, _confidence);
        var slices = gate.SliceBy is null ? [] : Enumerable.Range(0, _evidence.Slices.Count)
            .Where(slice => green.SliceOf!.Contains(slice) && blue.SliceOf!.Contains(slice))
            .Select(slice => (Name: _evidence.Slices[slice], Result: OutputTest.Judge(gate, blue.Slice(slice), green.Slice(slice), _confidence)))
            .Select(slice => slice.Result with { Summary = $"slice {slice.Name}: {slice.Result.Summary}" }).ToArray();
        var worst = slices.Prepend(whole).FirstOrDefault(result => result.Verdict == Verdict.Failed)
            ?? slices.Prepend(whole).FirstOrDefault(result => result.Verdict == Verdict.Inconclusive) ?? whole;
        return worst with
        {
            Gate = DistributionTest.NameOf(_gate),
            Output = several ? blue.Output : null,
            FittedMargin = fit?.Wanted,
            Summary = $"{(several ? $"output {blue.Output}: " : "")}{worst.Summary}{(gate.SliceBy is null ? "" : $" ({slices.Length} slices by {gate.SliceBy})")}"
                + (fit is null ? "" : $"; {fit}"),
        };
    }
}
