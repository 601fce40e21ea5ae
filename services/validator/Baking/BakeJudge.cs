using BlueGreen.Contracts;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Keeps the verdicts of one bake from look to look.
/// </summary>
/// <remarks>
/// <para>A look fails a metric when its data would be too unlikely if the true value were within the limit (exact binomial test, the same
/// as its Clopper–Pearson bound lying beyond the limit). Looking often must not add up to false rollbacks, so the budget for the whole bake
/// is divided evenly over all tests that it can make, an alpha spending by Bonferroni's inequality: looks until the longest duration,
/// times metrics, times two stretches of time. That holds whatever the dependence between looks, and costs little: with 14,400 looks,
/// 50 requests of which 20 % fail still break a limit of 1 %.</para>
/// <para>Two stretches: since the switch, where small excesses add up; and the recent window, where what begins late shows at
/// once, undiluted by a clean past. A metric passes only when both are within the limits as seen, the first has enough requests and the
/// second has any.</para>
/// <para>A failed look counts until a look passes; one without enough data neither counts nor forgives.</para>
/// </remarks>
internal sealed class BakeJudge
{
    private const int Stretches = 2;
    private readonly IReadOnlyList<BakeMetric> _metrics;
    private readonly Dictionary<BakeMetric, int> _failedLooks;
    private readonly double _tail;

    /// <param name="policy">Metrics, interval and longest duration.</param>
    /// <param name="interval">The pause between looks as it is really kept.</param>
    /// <param name="falseRollbackBudget">For the whole bake, e.g. 0.01.</param>
    public BakeJudge(BakePolicy policy, TimeSpan interval, double falseRollbackBudget)
    {
        _metrics = policy.Metrics;
        _failedLooks = _metrics.Distinct().ToDictionary(metric => metric, _ => 0);
        var longest = policy.MaxDuration > policy.Duration ? policy.MaxDuration : policy.Duration;
        // Two looks more than there are intervals: one at each end of the bake.
        var looks = Math.Ceiling(longest / interval) + 2;
        _tail = falseRollbackBudget / (looks * Math.Max(1, _metrics.Count) * Stretches);
    }

    /// <summary>Looks so far.</summary>
    public int Looks { get; private set; }

    /// <summary>The last look at each metric.</summary>
    public IReadOnlyList<GateResult> Results { get; private set; } = [];

    /// <summary>True when there are metrics and the last look passed all of them.</summary>
    public bool AllPassed => Results.Count > 0 && Results.All(result => result.Verdict == Verdict.Passed);

    /// <summary>Why the bake has failed; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Takes in one look.</summary>
    /// <param name="sinceSwitch">Everything since the switch.</param>
    /// <param name="recent">The recent window.</param>
    /// <param name="blue">What blue answered of the same requests since the switch; null: nothing.</param>
    public void Look(RouterReading sinceSwitch, RouterReading recent, RouterReading? blue = null)
    {
        Looks++;
        Results = [.. _metrics.Select(metric => Judge(metric, sinceSwitch, recent)).Zip(_metrics, (result, metric) => Common(metric, result, blue))];
        foreach (var (metric, result) in _metrics.Zip(Results))
        {
            if (result.Verdict == Verdict.Failed) _failedLooks[metric]++;
            else if (result.Verdict == Verdict.Passed) _failedLooks[metric] = 0;
        }

        var broken = _metrics.Zip(Results).Where(pair =>
            pair.Second.Verdict == Verdict.Failed && _failedLooks[pair.First] >= pair.First.FailureLimit).ToArray();
        if (broken.Length > 0) Failure = string.Join("; ", broken.Select(pair => $"{pair.First.Name}: {pair.Second.Summary}"));
    }

    /// <summary>What keeps the bake from passing, for people.</summary>
    public string WhyNotPassed() => _metrics.Count == 0
        ? "the policy names no bake metric, and no data is not a pass"
        : string.Join("; ", Results.Where(result => result.Verdict != Verdict.Passed).Select(result => $"{result.Gate}: {result.Summary}"));

    private GateResult Judge(BakeMetric metric, RouterReading sinceSwitch, RouterReading recent)
    {
        if (MetricReading.Of(metric, sinceSwitch.Sum) is not { } all || MetricReading.Of(metric, recent.Sum) is not { } late)
            return Result(metric, default(MetricReading) with { Unit = "" }, Verdict.Inconclusive, "no such bake metric is known");
        if (metric.Low is null && metric.High is null) return Result(metric, all, Verdict.Inconclusive, "the policy sets no limit");
        if (Breaks(metric, late)) return Result(metric, late, Verdict.Failed, $"{Text(late)} in the recent window, beyond {Limits(metric)}");
        if (Breaks(metric, all)) return Result(metric, all, Verdict.Failed, $"{Text(all)} since the switch, beyond {Limits(metric)}");
        if (WhyInconclusive(metric, all, late, [.. sinceSwitch.Missing.Union(recent.Missing)]) is { } why)
            return Result(metric, all, Verdict.Inconclusive, why);
        return Result(metric, all, Verdict.Passed, $"{Text(all)}, within {Limits(metric)}");
    }

    /// <summary>What blue suffers as well is not green's doing, and going back would not help.</summary>
    private GateResult Common(BakeMetric metric, GateResult result, RouterReading? blue)
    {
        if (result.Verdict != Verdict.Failed || blue is null || MetricReading.Of(metric, blue.Sum) is not { } reading || !Breaks(metric, reading))
            return result;
        return result with
        {
            Verdict = Verdict.Inconclusive,
            Summary = $"{result.Summary}; but blue too: {Text(reading)}: a common cause, going back would not help",
        };
    }

    private bool Breaks(BakeMetric metric, MetricReading reading) =>
        reading.Requests >= metric.MinRequests && reading.PValue < _tail;

    private static string? WhyInconclusive(BakeMetric metric, MetricReading all, MetricReading late, string[] missing)
    {
        if (missing.Length > 0) return $"not every router can be read ({string.Join("; ", missing)})";
        if (all.Requests < metric.MinRequests) return $"{all.Requests} requests since the switch, fewer than {metric.MinRequests}";
        if (late.Requests == 0) return "no requests in the recent window";
        if (!all.IsWithin(metric)) return $"{Text(all)} since the switch, outside {Limits(metric)} but not yet beyond doubt";
        return late.IsWithin(metric) ? null : $"{Text(late)} in the recent window, outside {Limits(metric)} but not yet beyond doubt";
    }

    private static GateResult Result(BakeMetric metric, MetricReading reading, Verdict verdict, string summary) => new()
    {
        Gate = metric.Name,
        Verdict = verdict,
        Value = reading.Value,
        Threshold = metric.High ?? metric.Low,
        Unit = reading.Unit,
        Samples = (int)Math.Min(int.MaxValue, reading.Requests),
        PValue = reading.Requests == 0 ? null : reading.PValue,
        Summary = summary,
    };

    private static string Text(MetricReading reading) => reading switch
    {
        { Value: null } => $"beyond what the histogram can tell ({reading.Requests} requests)",
        { Unit: "ms" } => FormattableString.Invariant($"{reading.Value:0.##} ms ({reading.Requests} requests)"),
        _ => FormattableString.Invariant($"{reading.Value:0.###%} ({reading.Requests} requests)"),
    };

    private static string Limits(BakeMetric metric) =>
        FormattableString.Invariant($"[{metric.Low?.ToString("0.####", null) ?? "…"}, {metric.High?.ToString("0.####", null) ?? "…"}]");
}
