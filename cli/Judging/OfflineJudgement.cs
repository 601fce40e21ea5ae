using System.Text.Json.Serialization;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Cli.Judging;

/// <summary>Every statistic of two samples and what the gates make of them; as <c>bg judge --json</c> prints it.</summary>
internal sealed record OfflineJudgement(
    TestResult Ks, double Psi, double Kl, double Js, double Wasserstein, ChiSquareResult Chi2,
    [property: JsonPropertyName("mannwhitney")] TestResult MannWhitney, SampleSizes Samples, BinSettings Settings, IReadOnlyList<GateResult> Verdicts)
{
    /// <exception cref="CommandFailure">A side has no number.</exception>
    public static OfflineJudgement Of(CsvColumn baseline, CsvColumn candidate, GateFile gates)
    {
        SortedSample blue = Sorted("baseline", baseline), green = Sorted("candidate", candidate);
        var settings = gates.Distributions.Count > 0 ? gates.Distributions[0] : GateFile.Default.Distributions[0];
        var bins = Bins.By(settings.BinRule, settings.Bins, blue, green);
        double[] p = [.. bins.CountsOf(blue)], q = [.. bins.CountsOf(green)];
        var ks = KolmogorovSmirnov.Compare(blue, green);
        var chi2 = Divergence.ChiSquare(p, q);
        var mannWhitney = BlueGreen.Judging.Statistics.MannWhitney.Compare(blue, green);
        return new(
            new(ks.D, ks.PValue()),
            Divergence.Psi(p, q, settings.Epsilon),
            Divergence.KullbackLeibler(p, q, settings.Epsilon, settings.LogBase),
            Divergence.JensenShannon(p, q, settings.LogBase),
            BlueGreen.Judging.Statistics.Wasserstein.Distance(blue, green),
            new(chi2.Statistic, chi2.PValue(), chi2.Freedom),
            new(mannWhitney.U, mannWhitney.PValue()),
            new(blue.Count, green.Count, blue.Nulls, green.Nulls),
            new(bins.Count, settings.BinRule, settings.Epsilon, settings.LogBase, bins.Edges),
            [.. gates.Distributions.Select(gate => DistributionTest.Judge(gate, blue, green, gate.Confidence)), .. gates.Limits.Select(Live)]);
    }

    private static SortedSample Sorted(string name, CsvColumn column)
    {
        var sample = SortedSample.Of([.. column.Values]);
        return sample.Count > 0 ? sample : throw CommandFailure.Usage(name, $"The {name} has no number in {sample.Nulls} rows.");
    }

    private static GateResult Live(KeyValuePair<string, double> limit) => new()
    {
        Gate = limit.Key,
        Verdict = Verdict.NotApplicable,
        Threshold = limit.Value,
        Unit = "",
        Samples = 0,
        Summary = "needs a live model",
    };
}

internal sealed record TestResult(double Statistic, [property: JsonPropertyName("pvalue")] double PValue);

/// <param name="Statistic">With Yates's correction for one degree of freedom.</param>
/// <param name="PValue">Its p-value.</param>
/// <param name="Dof">Degrees of freedom.</param>
internal sealed record ChiSquareResult(double Statistic, [property: JsonPropertyName("pvalue")] double PValue, int Dof);

internal sealed record SampleSizes(int Baseline, int Candidate, int BaselineNulls, int CandidateNulls);

/// <summary>What the binned figures rest on: PSI, KL (candidate from baseline), JS (a distance) and χ².</summary>
internal sealed record BinSettings(int Bins, BinRule BinRule, double Epsilon, double LogBase, IReadOnlyList<double> Edges);
