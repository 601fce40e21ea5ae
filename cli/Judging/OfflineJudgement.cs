using System.Text.Json.Serialization;
using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Cli.Judging;

/// <summary>
/// Every statistic of two samples and what the gates make of them; as <c>bg judge --json</c> prints it. Those that need an order are null for
/// labels.
/// </summary>
internal sealed record OfflineJudgement(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] TestResult? Ks,
    double Psi, double Kl, double Js,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Wasserstein,
    ChiSquareResult Chi2,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never), JsonPropertyName("mannwhitney")] TestResult? MannWhitney,
    SampleSizes Samples, BinSettings Settings, IReadOnlyList<GateResult> Verdicts)
{
    /// <exception cref="CommandFailure">A side has neither numbers nor labels, or the sides have not the same.</exception>
    public static OfflineJudgement Of(CsvColumn baseline, CsvColumn candidate, GateFile gates)
    {
        RequireValues("baseline", baseline);
        RequireValues("candidate", candidate);
        if (baseline.Labels.Count > 0 != candidate.Labels.Count > 0)
            throw CommandFailure.Usage("candidate", $"The baseline has {Kind(baseline)}, the candidate {Kind(candidate)}.");
        var settings = gates.Distributions.Count > 0 ? gates.Distributions[0] : GateFile.Default.Distributions[0];
        IReadOnlyList<GateResult> verdicts = [.. OfflineGates.Judge(baseline, candidate, gates.Distributions), .. gates.NeedingAModel()];
        var samples = new SampleSizes(baseline.Count, candidate.Count, baseline.Nulls, candidate.Nulls);
        return baseline.Labels.Count > 0
            ? OfLabels(baseline.Labels, candidate.Labels, settings, samples, verdicts)
            : OfScores(SortedSample.Of([.. baseline.Scores]), SortedSample.Of([.. candidate.Scores]), settings, samples, verdicts);
    }

    private static OfflineJudgement OfScores(
        SortedSample blue, SortedSample green, DistributionGate settings, SampleSizes samples, IReadOnlyList<GateResult> verdicts)
    {
        var bins = Bins.By(settings.BinRule, settings.Bins, blue, green);
        var ks = KolmogorovSmirnov.Compare(blue, green);
        var mannWhitney = BlueGreen.Judging.Statistics.MannWhitney.Compare(blue, green);
        return OfCounts([.. bins.CountsOf(blue)], [.. bins.CountsOf(green)], settings, samples, verdicts) with
        {
            Ks = new(ks.D, ks.PValue()),
            Wasserstein = BlueGreen.Judging.Statistics.Wasserstein.Distance(blue, green),
            MannWhitney = new(mannWhitney.U, mannWhitney.PValue()),
            Settings = new(bins.Count, settings.BinRule, settings.Epsilon, settings.LogBase, bins.Edges, null),
        };
    }

    private static OfflineJudgement OfLabels(
        IReadOnlyList<string> blue, IReadOnlyList<string> green, DistributionGate settings, SampleSizes samples, IReadOnlyList<GateResult> verdicts)
    {
        string[] labels = [.. blue.Concat(green).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        double[] Counts(IReadOnlyList<string> side)
        {
            var counts = side.CountBy(label => label, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            return [.. labels.Select(label => (double)counts.GetValueOrDefault(label))];
        }

        return OfCounts(Counts(blue), Counts(green), settings, samples, verdicts) with
        {
            Settings = new(labels.Length, null, settings.Epsilon, settings.LogBase, null, labels),
        };
    }

    private static OfflineJudgement OfCounts(
        double[] p, double[] q, DistributionGate settings, SampleSizes samples, IReadOnlyList<GateResult> verdicts)
    {
        var chi2 = Divergence.ChiSquare(p, q);
        return new(
            null,
            Divergence.Psi(p, q, settings.Epsilon),
            Divergence.KullbackLeibler(p, q, settings.Epsilon, settings.LogBase),
            Divergence.JensenShannon(p, q, settings.LogBase),
            null,
            new(chi2.Statistic, chi2.PValue(), chi2.Freedom),
            null, samples, new(p.Length, settings.BinRule, settings.Epsilon, settings.LogBase, null, null), verdicts);
    }

    private static void RequireValues(string name, CsvColumn column)
    {
        if (column.Count == 0) throw CommandFailure.Usage(name, $"The {name} has no number and no label in {column.Nulls} rows.");
    }

    private static string Kind(CsvColumn column) => column.Labels.Count > 0 ? $"labels such as '{column.Labels[0]}'" : "numbers";
}

internal sealed record TestResult(double Statistic, [property: JsonPropertyName("pvalue")] double PValue);

/// <param name="Statistic">With Yates's correction for one degree of freedom.</param>
/// <param name="PValue">Its p-value.</param>
/// <param name="Dof">Degrees of freedom.</param>
internal sealed record ChiSquareResult(double Statistic, [property: JsonPropertyName("pvalue")] double PValue, int Dof);

internal sealed record SampleSizes(int Baseline, int Candidate, int BaselineNulls, int CandidateNulls);

/// <summary>What the binned figures rest on: PSI, KL (candidate from baseline), JS (a distance) and χ².</summary>
/// <param name="Bins">How many bins there are; a label is one.</param>
/// <param name="BinRule">Null for labels.</param>
/// <param name="Epsilon">What a share of 0 counts as.</param>
/// <param name="LogBase">Of KL and JS.</param>
/// <param name="Edges">Inner edges; null for labels.</param>
/// <param name="Labels">Null for numbers.</param>
internal sealed record BinSettings(int Bins, BinRule? BinRule, double Epsilon, double LogBase, IReadOnlyList<double>? Edges, IReadOnlyList<string>? Labels);
