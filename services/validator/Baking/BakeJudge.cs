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
/// second has any. One that breaks its limit fails unless blue suffers the same in that very stretch (<see cref="CommonCause"/>).</para>
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

    /// <summary>Whether a metric is held against what blue answered before the switch, and that is not known yet.</summary>
    public bool WantsBlueBefore => BlueBefore is null && _metrics.Any(BlueLimit.Applies);

    /// <summary>What blue answered before the switch; null: it is not known.</summary>
    public WindowSum? BlueBefore { get; set; }

    /// <summary>True when there are metrics and the last look passed all of them, less those that have no blue to be held against.</summary>
    public bool AllPassed => Results.Any(result => result.Verdict == Verdict.Passed)
        && Results.All(result => result.Verdict is Verdict.Passed or Verdict.NotApplicable);

    /// <summary>Why the bake has failed; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether a look would fail green for requests of which blue, although it gets copies, has not answered a single one yet.</summary>
    public bool AwaitsBlue(RouterReading sinceSwitch, RouterReading recent, BakeReading? blue) =>
        blue is not null && _metrics.Select(metric => Judge(metric, sinceSwitch, recent, blue)).Any(finding => finding.IsUntold);

    /// <summary>Takes in one look.</summary>
    /// <param name="sinceSwitch">Everything since the switch.</param>
    /// <param name="recent">The recent window.</param>
    /// <param name="blue">What blue answered meanwhile; null: there is none.</param>
    public void Look(RouterReading sinceSwitch, RouterReading recent, BakeReading? blue = null)
    {
        Looks++;
        Results = [.. _metrics.Select(metric => Judge(metric, sinceSwitch, recent, blue).Result)];
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
    public string WhyNotPassed()
    {
        if (_metrics.Count == 0) return "the policy names no bake metric, and no data is not a pass";
        var open = Results.Where(result => result.Verdict is not (Verdict.Passed or Verdict.NotApplicable)).ToArray();
        var told = open.Length > 0 ? open : Results.Where(result => result.Verdict != Verdict.Passed);
        return string.Join("; ", told.Select(result => $"{result.Gate}: {result.Summary}"));
    }

    private Finding Judge(BakeMetric asked, RouterReading sinceSwitch, RouterReading recent, BakeReading? blue)
    {
        var isHeldAgainstBlue = BlueLimit.Applies(asked);
        var metric = isHeldAgainstBlue ? BlueLimit.Of(asked, BlueBefore, blue?.SinceSwitch.Sum) : asked;
        if (metric is null)
            return new(Result(asked, default, Verdict.NotApplicable, $"{(blue is null ? "there is no blue" : "blue has answered too little")} to be held against"));
        // What clients send changes with the hour: held against blue's past is the whole stretch, not what came just now.
        if (isHeldAgainstBlue) (recent, blue) = (sinceSwitch, blue is null ? null : blue with { Recent = blue.SinceSwitch });
        if (MetricReading.Of(metric, sinceSwitch.Sum) is not { } all || MetricReading.Of(metric, recent.Sum) is not { } late)
            return new(Result(metric, default, Verdict.Inconclusive, "no such bake metric is known"));
        if (metric.Low is null && metric.High is null) return new(Result(metric, all, Verdict.Inconclusive, "the policy sets no limit"));
        Finding?[] broken =
        [
            Break(metric, late, "in the recent window", blue?.Recent.Sum, blue?.SinceSwitch.Sum),
            Break(metric, all, "since the switch", blue?.SinceSwitch.Sum, blue?.SinceSwitch.Sum),
        ];
        if ((broken.FirstOrDefault(found => found?.Result.Verdict == Verdict.Failed) ?? broken[0] ?? broken[1]) is { } worst) return worst;
        if (WhyInconclusive(metric, all, late, [.. sinceSwitch.Missing.Union(recent.Missing)]) is { } why)
            return new(Result(metric, all, Verdict.Inconclusive, why));
        return new(Result(metric, all, Verdict.Passed, $"{all.Text}, within {Limits(metric)}"));
    }

    /// <returns>Null when the stretch does not break the limits; Inconclusive when blue suffers the same.</returns>
    private Finding? Break(BakeMetric metric, MetricReading reading, string stretch, WindowSum? blue, WindowSum? blueSinceSwitch)
    {
        if (reading.Requests < metric.MinRequests || reading.PValue >= _tail) return null;
        var said = $"{reading.Text} {stretch}, beyond {Limits(metric)}";
        if (blue is null) return new(Result(metric, reading, Verdict.Failed, said));
        return CommonCause.Find(metric, reading, blue) is { } shared
            ? new(Result(metric, reading, Verdict.Inconclusive, $"{said}; but blue too: {shared}: a common cause, going back would not help"))
            : new(Result(metric, reading, Verdict.Failed, said)) { IsUntold = CommonCause.IsUntold(metric, blue, blueSinceSwitch!) };
    }

    private static string? WhyInconclusive(BakeMetric metric, MetricReading all, MetricReading late, string[] missing)
    {
        if (missing.Length > 0) return $"not every router can be read ({string.Join("; ", missing)})";
        if (all.Requests < metric.MinRequests) return $"{all.Requests} {all.What} since the switch, fewer than {metric.MinRequests}";
        if (late.Requests == 0) return $"no {late.What} in the recent window";
        if (!all.IsWithin(metric)) return $"{all.Text} since the switch, outside {Limits(metric)} but not yet beyond doubt";
        return late.IsWithin(metric) ? null : $"{late.Text} in the recent window, outside {Limits(metric)} but not yet beyond doubt";
    }

    private static GateResult Result(BakeMetric metric, MetricReading reading, Verdict verdict, string summary) => new()
    {
        Gate = metric.Name,
        Verdict = verdict,
        Value = reading.Value,
        Threshold = metric.High ?? metric.Low,
        Unit = reading.Unit ?? "",
        Samples = (int)Math.Min(int.MaxValue, reading.Requests),
        PValue = reading.Requests == 0 ? null : reading.PValue,
        Summary = summary,
    };

    private static string Limits(BakeMetric metric) =>
        FormattableString.Invariant($"[{metric.Low?.ToString("0.####", null) ?? "…"}, {metric.High?.ToString("0.####", null) ?? "…"}]");

    /// <param name="Result">Of one metric.</param>
    private sealed record Finding(GateResult Result)
    {
        /// <summary>It fails green, and blue may be about to say that it suffers the same.</summary>
        public bool IsUntold { get; init; }
    }
}
