using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// What live requests carry. Every feature is judged by its own interval (shares by the exact one, drift by the statistic's) at its share of
/// the error (Bonferroni over all features); the worst one speaks for all.
/// </summary>
public sealed record FeatureEvidence
{
    public const string Required = "features-required";
    public const string NullRate = "features-null";
    public const string Drift = "features-drift";

    private const int MostNamed = 3;
    private const double Error = 0.05;

    /// <summary>Live requests that were looked at.</summary>
    public required int Requests { get; init; }

    /// <summary>Features that green requires, each with the number of live requests that do not carry it.</summary>
    public required IReadOnlyDictionary<string, int> Missing { get; init; }

    public required IReadOnlyList<FeatureColumn> Columns { get; init; }

    /// <summary>Whether there was a reference to compare with.</summary>
    public required bool HasReference { get; init; }

    /// <summary>Live requests below which nothing is judged.</summary>
    public required int Fewest { get; init; }

    /// <summary>Nothing could be looked at.</summary>
    public static IReadOnlyList<GateResult> Nothing(FeatureGate gate, string why) =>
    [
        Unmeasured.Of(Required, "share", 0, why),
        Unmeasured.Of(NullRate, "share", gate.MaxNullRate, why),
        .. gate.Reference is null ? Array.Empty<GateResult>() : [Unmeasured.Of(Drift, Unit(gate), gate.Margin, why)],
    ];

    public FeatureEvidence Within(int most)
    {
        var each = Math.Max(DistributionTest.FewestScores, most / Math.Max(1, Columns.Count));
        return this with { Columns = [.. Columns.Select(column => column with { Live = column.Live.Within(each), Reference = column.Reference?.Within(each) })] };
    }

    /// <summary>Presence, nulls, and drift where there is a reference.</summary>
    public IReadOnlyList<GateResult> Judge(FeatureGate gate)
    {
        if (Requests < Fewest) return Nothing(gate, $"{Requests} live requests, fewer than {Fewest}");
        FeatureColumn[] judged = [.. Columns.Where(column => !gate.Ignore.Contains(column.Name))];
        return [Presence(), Nulls(gate, judged), .. gate.Reference is null ? Array.Empty<GateResult>() : [Drifted(gate, judged)]];
    }

    private GateResult Presence()
    {
        if (Missing.Count == 0) return Unmeasured.Of(Required, "share", 0, "green declares no inputs, and the policy names no features") with { Samples = Requests };
        var worst = new BinomialShare(Missing.Values.Max(), Requests);
        var tail = Error / 2 / Missing.Count;
        var lacking = Missing.Where(feature => feature.Value > 0).OrderByDescending(feature => feature.Value).ToArray();
        return new()
        {
            Gate = Required,
            Verdict = lacking.Length == 0 ? Verdict.Passed : Verdict.Failed,
            Value = worst.Share,
            Threshold = 0,
            Unit = "share",
            Samples = Requests,
            IntervalLow = worst.LowerBound(tail),
            IntervalHigh = worst.UpperBound(tail),
            Summary = lacking.Length == 0
                ? $"all of {Requests} live requests carry {string.Join(", ", Missing.Keys.Order(StringComparer.Ordinal))}"
                : $"of {Requests} live requests " + string.Join(", ", lacking.Take(MostNamed).Select(feature => $"{feature.Value} lack {feature.Key}"))
                    + (lacking.Length > MostNamed ? $" and {lacking.Length - MostNamed} more features are lacking" : ""),
        };
    }

    private static GateResult Nulls(FeatureGate gate, FeatureColumn[] columns)
    {
        var shares = columns.Where(column => column.Live.Count > 0)
            .Select(column => (column.Name, Share: new BinomialShare(column.Live.Nulls, column.Live.Count))).ToArray();
        if (shares.Length == 0) return Unmeasured.Of(NullRate, "share", gate.MaxNullRate, "the live requests carry no feature that could be read");
        var tail = Error / 2 / shares.Length;
        var (name, worst) = shares.MaxBy(share => share.Share.LowerBound(tail) + share.Share.UpperBound(tail));
        var (low, high) = (worst.LowerBound(tail), shares.Max(share => share.Share.UpperBound(tail)));
        return new()
        {
            Gate = NullRate,
            Verdict = high <= gate.MaxNullRate ? Verdict.Passed : shares.Any(share => share.Share.LowerBound(tail) > gate.MaxNullRate) ? Verdict.Failed : Verdict.Inconclusive,
            Value = worst.Share,
            Threshold = gate.MaxNullRate,
            Unit = "share",
            Samples = (int)worst.Trials,
            IntervalLow = low,
            IntervalHigh = high,
            Summary = FormattableString.Invariant($"of {shares.Length} features {name} is null most often: {worst.Share:0.##%} of {worst.Trials}, ")
                + FormattableString.Invariant($"95 % interval {low:0.##%} to {high:0.##%} for all features together, against {gate.MaxNullRate:0.##%}"),
        };
    }

    private GateResult Drifted(FeatureGate gate, FeatureColumn[] columns)
    {
        if (!HasReference) return Unmeasured.Of(Drift, Unit(gate), gate.Margin, "no reference was kept");
        var common = columns.Where(column => column.Reference is { } reference && reference.Count > 0 && column.Live.Count > 0).ToArray();
        if (common.Length == 0) return Unmeasured.Of(Drift, Unit(gate), gate.Margin, "live requests and the reference have no feature in common");
        var confidence = DistributionTest.ShareOfConfidence(gate.Confidence, common.Length);
        var results = common.Select(column => (column.Name, Result: Compare(gate, column, confidence))).ToArray();
        var (name, worst) = results.MaxBy(result => (Rank(result.Result.Verdict), result.Result.Value ?? double.MaxValue));
        var failed = results.Where(result => result.Result.Verdict == Verdict.Failed).Select(result => result.Name).ToArray();
        return worst with
        {
            Gate = Drift,
            Summary = $"{(failed.Length > 1 ? $"{failed.Length} of {results.Length} features drifted ({string.Join(", ", failed.Take(MostNamed))}); " : "")}"
                + $"{name}, the worst of {results.Length} features: {worst.Summary}",
        };
    }

    /// <summary>The live values stand for green's, the reference's for blue's.</summary>
    private static GateResult Compare(FeatureGate gate, FeatureColumn column, double confidence)
    {
        var distribution = new DistributionGate
        {
            Statistic = gate.Statistic,
            Margin = gate.Margin,
            Confidence = gate.Confidence,
            MinSamples = DistributionTest.FewestScores,
            MaxSamples = gate.Requests,
        };
        var (live, reference) = (column.Live, column.Reference!);
        var result = live.Words.Count > live.Numbers.Count
            ? DistributionTest.Judge(distribution with { Statistic = DistributionStatistic.JensenShannon }, reference.Words, live.Words, confidence)
            : DistributionTest.Judge(distribution, SortedSample.Of([.. reference.Numbers]), SortedSample.Of([.. live.Numbers]), confidence);
        return result with
        {
            Summary = result.Value is not { } value ? result.Summary.Replace("blue", "reference", StringComparison.Ordinal).Replace("green predictions", "live values", StringComparison.Ordinal)
                : FormattableString.Invariant($"{result.Unit} = {value:0.000} between {live.Count} live and {reference.Count} reference values, ")
                    + FormattableString.Invariant($"{confidence:0.##%} interval {result.IntervalLow:0.000} to {result.IntervalHigh:0.000}, against {gate.Margin:0.###}"),
        };
    }

    private static int Rank(Verdict verdict) => verdict switch
    {
        Verdict.Failed => 2,
        Verdict.Inconclusive => 1,
        _ => 0,
    };

    private static string Unit(FeatureGate gate) => DistributionStatistic.Find(gate.Statistic)?.Unit ?? gate.Statistic;
}
