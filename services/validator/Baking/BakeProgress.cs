using BlueGreen.Contracts;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// The verdicts of one bake: the routers' metrics, both colours' answers to the same requests, and the numbers of monitoring systems together.
/// The false rollbacks that a clean bake may suffer are shared by all that are judged by chance.
/// </summary>
internal sealed class BakeProgress
{
    /// <param name="bake">What is watched.</param>
    /// <param name="interval">The pause between looks as it is really kept.</param>
    /// <param name="falseRollbackBudget">For the whole bake.</param>
    public BakeProgress(BakePolicy bake, TimeSpan interval, double falseRollbackBudget)
    {
        BakeMetric[] routers = [.. bake.Metrics.Where(metric => metric.Source is null)];
        var others = PairJudge.Count(bake.Comparison) + bake.Metrics.Count(metric => metric is { Source: not null, Sequential: not null });
        var share = falseRollbackBudget / Math.Max(1, routers.Length + others);
        AsksRouters = routers.Length > 0;
        Judge = new(bake with { Metrics = routers }, interval, share * Math.Max(1, routers.Length));
        Pairs = PairJudge.Count(bake.Comparison) > 0 && bake.Comparison is { } comparison
            ? new(comparison, bake.Duration > bake.MaxDuration ? bake.Duration : bake.MaxDuration, share)
            : null;
        External = [.. bake.Metrics.Where(metric => metric.Source is not null).Select(metric => metric.Sequential is null
            ? (IMeasuredMetric)new ExternalMetric(metric, metric.Source!, interval)
            : new SequentialMetric(metric, interval, share))];
    }

    public BakeJudge Judge { get; }

    /// <summary>Null: nothing is compared.</summary>
    public PairJudge? Pairs { get; }

    public IReadOnlyList<IMeasuredMetric> External { get; }

    /// <summary>Whether any metric is of the routers' windows.</summary>
    public bool AsksRouters { get; }

    /// <summary>The last probe of blue; null: there is none, or none yet.</summary>
    public GateResult? Blue { get; set; }

    public IReadOnlyList<GateResult> Results => [.. Judge.Results, .. Others, .. Blue is { } blue ? [blue] : Array.Empty<GateResult>()];

    public string? Failure =>
        Judge.Failure ?? Pairs?.Failure ?? External.Select(metric => metric.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>Why waiting longer is useless; null while it is not.</summary>
    public string? GivenUp => External.Select(metric => metric.GivenUp).FirstOrDefault(reason => reason is not null);

    /// <summary>True when there are metrics and the last look at each of them passed; what has no blue to be held against does not count.</summary>
    public bool AllPassed
    {
        get
        {
            GateResult[] all = [.. Judge.Results, .. Others];
            return all.Any(result => result.Verdict == Verdict.Passed)
                && all.All(result => result.Verdict is Verdict.Passed or Verdict.NotApplicable);
        }
    }

    private IEnumerable<GateResult> Others => [.. Pairs?.Results ?? [], .. External.Select(metric => metric.Result)];

    /// <summary>What keeps the bake from passing, for people.</summary>
    public string WhyNotPassed()
    {
        var others = Others.Where(result => result.Verdict is not (Verdict.Passed or Verdict.NotApplicable))
            .Select(result => $"{result.Gate}: {result.Summary}").ToArray();
        return string.Join("; ", others.Concat(AsksRouters || others.Length == 0 ? [Judge.WhyNotPassed()] : []).Where(why => why.Length > 0));
    }
}
