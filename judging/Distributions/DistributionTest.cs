using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Distributions;

/// <summary>
/// Is the distance between two score distributions harmless? An effect against a margin, not a test of equality: Passed when the whole
/// confidence interval is within the margin, Failed when all of it is beyond, otherwise Inconclusive.
/// </summary>
public static class DistributionTest
{
    /// <summary>Scores per side below which nothing is judged: the intervals rest on large-sample limits.</summary>
    public const int FewestScores = 100;

    private const double LongestFigure = 1e9;
    private const string DifferentInputs = "different inputs";

    /// <summary>The gate's name in results.</summary>
    public static string NameOf(DistributionGate gate) => $"distribution-{gate.Statistic}";

    /// <summary>How often the data can be looked at when the sample doubles from look to look.</summary>
    public static int Looks(int first, int last)
    {
        var looks = 1;
        for (long size = Math.Max(1, first); size < last; size *= 2) looks++;
        return looks;
    }

    /// <summary>
    /// The confidence of one of several intervals that are all to hold together (Bonferroni): looks at growing samples, times slices.
    /// </summary>
    public static double ShareOfConfidence(double confidence, int comparisons) => 1 - ((1 - confidence) / comparisons);

    /// <summary>One look at two samples.</summary>
    /// <param name="gate">Statistic, margin and settings.</param>
    /// <param name="baseline">Blue's scores.</param>
    /// <param name="candidate">Green's scores.</param>
    /// <param name="confidence">Of this very look.</param>
    /// <param name="inputs">What was asked, for people.</param>
    public static GateResult Judge(
        DistributionGate gate, SortedSample baseline, SortedSample candidate, double confidence, string inputs = DifferentInputs)
    {
        var enough = Math.Min(baseline.Count, candidate.Count) >= FewestScores;
        return enough
            ? Conclude(gate, EffectMeter.Measure(gate, baseline, candidate, confidence), baseline.Count, candidate.Count, confidence, inputs + Settings(gate))
            : TooFew(gate, baseline.Count, candidate.Count);
    }

    /// <summary>One look at two samples of labels, which have no order: only the statistics over bins apply, with a bin per label.</summary>
    /// <param name="gate">Statistic, margin and settings.</param>
    /// <param name="baseline">Blue's labels.</param>
    /// <param name="candidate">Green's labels.</param>
    /// <param name="confidence">Of this very look.</param>
    public static GateResult Judge(DistributionGate gate, IReadOnlyList<string> baseline, IReadOnlyList<string> candidate, double confidence)
    {
        if (Math.Min(baseline.Count, candidate.Count) < FewestScores) return TooFew(gate, baseline.Count, candidate.Count);
        if (!BinnedEffect.Knows(gate.Statistic))
            return Undecided(gate, Math.Min(baseline.Count, candidate.Count),
                $"the models answer with labels, which have no order: '{gate.Statistic}' is for numbers; use {string.Join(", ", BinnedEffect.Statistics)}");
        var labels = baseline.Concat(candidate).Distinct().Order(StringComparer.Ordinal).Select((label, index) => (label, index))
            .ToDictionary(pair => pair.label, pair => pair.index, StringComparer.Ordinal);
        double[] first = new double[labels.Count], second = new double[labels.Count];
        foreach (var label in baseline) first[labels[label]]++;
        foreach (var label in candidate) second[labels[label]]++;
        var effect = BinnedEffect.Measure(gate, first, second, confidence);
        return Conclude(gate, effect, baseline.Count, candidate.Count, confidence, $"{DifferentInputs} ({labels.Count} labels)");
    }

    private static GateResult TooFew(DistributionGate gate, int baseline, int candidate) => Undecided(
        gate, Math.Min(baseline, candidate), $"{baseline} blue and {candidate} green predictions: fewer than {FewestScores} on a side say too little");

    private static GateResult Undecided(DistributionGate gate, int samples, string why) => new()
    {
        Gate = NameOf(gate),
        Verdict = Verdict.Inconclusive,
        Threshold = gate.Margin,
        Unit = UnitOf(gate),
        Samples = samples,
        Summary = why,
    };

    private static string UnitOf(DistributionGate gate) => DistributionStatistic.Find(gate.Statistic)?.Unit ?? gate.Statistic;

    private static GateResult Conclude(DistributionGate gate, Effect effect, int baseline, int candidate, double confidence, string settings)
    {
        var unit = UnitOf(gate);
        var verdict = effect.High <= gate.Margin ? Verdict.Passed : effect.Low > gate.Margin ? Verdict.Failed : Verdict.Inconclusive;
        return new()
        {
            Gate = NameOf(gate),
            Verdict = verdict,
            Value = Finite(effect.Value),
            Threshold = gate.Margin,
            Unit = unit,
            Samples = Math.Min(baseline, candidate),
            IntervalLow = Finite(effect.Low),
            IntervalHigh = Finite(effect.High),
            PValue = effect.PValue is { } p ? Finite(p) : null,
            Summary = FormattableString.Invariant($"{unit} = {Figure(effect.Value)} between {candidate} green and {baseline} blue ")
                + FormattableString.Invariant($"scores on {settings}, {confidence:0.##%} interval {Figure(effect.Low)} to ")
                + FormattableString.Invariant($"{Figure(effect.High)}: {Meaning(verdict)} the margin {gate.Margin:0.###}"),
        };
    }

    /// <summary>JSON has no other numbers.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Figure(double value) =>
        value.ToString(Math.Abs(value) < LongestFigure ? "0.000" : "0.###e+0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a binned figure means depends on these.</summary>
    private static string Settings(DistributionGate gate) => gate.Statistic switch
    {
        DistributionStatistic.Psi => FormattableString.Invariant($" ({gate.Bins} {Word(gate.BinRule)} bins, epsilon {gate.Epsilon:0.######})"),
        DistributionStatistic.KullbackLeibler => FormattableString.Invariant(
            $" ({gate.Bins} {Word(gate.BinRule)} bins, epsilon {gate.Epsilon:0.######}, log base {Base(gate)})"),
        DistributionStatistic.JensenShannon => $" ({gate.Bins} {Word(gate.BinRule)} bins, log base {Base(gate)})",
        DistributionStatistic.ChiSquare => $" ({gate.Bins} {Word(gate.BinRule)} bins)",
        _ => "",
    };

    private static string Base(DistributionGate gate) =>
        gate.LogBase == Math.E ? "e" : gate.LogBase.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);

    private static string Word(BinRule rule) => rule switch
    {
        BinRule.Quantile => "quantile",
        BinRule.Width => "equally wide",
        _ => "Sturges",
    };

    private static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "within",
        Verdict.Failed => "beyond",
        _ => "undecided against",
    };
}
