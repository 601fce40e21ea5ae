using BlueGreen.Contracts;
using BlueGreen.Platform.Load;
using BlueGreen.Validator.Statistics;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>distribution-ks</c>: is the distance between green's and blue's score distributions harmless? An effect against a margin, not
/// a test of equality: Passed when the whole confidence interval of D is within the margin, Failed when all of it is beyond, otherwise
/// twice as many samples. Every look at the data spends its share of the error (Bonferroni over the looks there can be).
/// </summary>
internal sealed class DistributionJudge(ScoreSampler sampler, TimeProvider time, IOptions<GateOptions> options)
{
    private const string KolmogorovSmirnovStatistic = "ks";

    public async Task<GateResult> JudgeAsync(
        DistributionGate gate, GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (WhyNot(gate, subject) is { } impossible) return impossible;
        var halves = new DisjointHalves(subject.Requests.Payloads, subject.Command.DeploymentId);
        var available = Math.Min(gate.MaxSamples, halves.RowsPerSide);
        var target = Math.Min(Math.Max(gate.MinSamples, options.Value.FewestScores), available);
        var confidence = 1 - ((1 - gate.Confidence) / Looks(target, available));
        var (green, blue) = (ScoreSample.Empty, ScoreSample.Empty);
        while (true)
        {
            var payloads = halves.Take(target - Math.Min(green.Scores.Count, blue.Scores.Count));
            if (payloads.Green.Count == 0 && payloads.Blue.Count == 0) return Undecided(gate, green, blue, confidence, started);
            var fresh = await Task.WhenAll(
                sampler.SampleAsync(subject.Green, payloads.Green, tally.Add, cancellationToken),
                sampler.SampleAsync(subject.Blue!, payloads.Blue, static _ => { }, cancellationToken));
            (green, blue) = (green.With(fresh[0]), blue.With(fresh[1]));
            if (WhyNot(gate, green, blue, started) is { } unusable) return unusable;
            var result = Judge(gate, green, blue, confidence, started);
            if (result.Verdict != Verdict.Inconclusive || target >= available) return result;
            target = Math.Min(available, 2 * target);
        }
    }

    private GateResult Judge(DistributionGate gate, ScoreSample green, ScoreSample blue, double confidence, long started)
    {
        var distance = KolmogorovSmirnov.Compare(green.Scores, blue.Scores);
        var interval = DistanceInterval.Of(distance, confidence);
        var verdict = interval.High <= gate.Margin ? Verdict.Passed
            : interval.Low > gate.Margin ? Verdict.Failed
            : Verdict.Inconclusive;
        return new()
        {
            Gate = GateNames.Distribution(gate.Statistic),
            Verdict = verdict,
            Value = distance.D,
            Threshold = gate.Margin,
            Unit = "D",
            Samples = Math.Min(distance.First, distance.Second),
            IntervalLow = interval.Low,
            IntervalHigh = interval.High,
            PValue = distance.PValue(),
            Duration = time.GetElapsedTime(started),
            Summary = FormattableString.Invariant($"D = {distance.D:0.000} between {distance.First} green and {distance.Second} blue ")
                + FormattableString.Invariant($"scores on different inputs, {confidence:0.##%} interval {interval.Low:0.000} to ")
                + FormattableString.Invariant($"{interval.High:0.000}: {Meaning(verdict)} the margin {gate.Margin:0.###}"),
        };
    }

    private GateResult Undecided(DistributionGate gate, ScoreSample green, ScoreSample blue, double confidence, long started) =>
        WhyNot(gate, green, blue, started) ?? Judge(gate, green, blue, confidence, started);

    private static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "within",
        Verdict.Failed => "beyond",
        _ => "undecided against",
    };

    /// <summary>How often the data can be looked at when the sample doubles from look to look.</summary>
    private static int Looks(int first, int last)
    {
        var looks = 1;
        for (long size = Math.Max(1, first); size < last; size *= 2) looks++;
        return looks;
    }

    private static GateResult? WhyNot(DistributionGate gate, GateSubject subject)
    {
        var name = GateNames.Distribution(gate.Statistic);
        if (subject.Command.Blue is null)
            return Unmeasured.Of(name, "D", gate.Margin, "a first deployment has no blue to compare with") with
            {
                Verdict = Verdict.NotApplicable,
            };
        if (gate.Statistic != KolmogorovSmirnovStatistic)
            return Unmeasured.Of(name, "D", gate.Margin, $"this build knows the statistic '{KolmogorovSmirnovStatistic}' only");
        if (subject.Blue is null)
            return Unmeasured.Of(name, "D", gate.Margin, $"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        if (subject.Requests.Error is { } error) return Unmeasured.Of(name, "D", gate.Margin, error);
        return subject.RequestsAreReal
            ? null
            : Unmeasured.Of(name, "D", gate.Margin, "the policy names no payloads to compare predictions on");
    }

    private GateResult? WhyNot(DistributionGate gate, ScoreSample green, ScoreSample blue, long started)
    {
        var why = Missing("blue", blue) ?? Missing("green", green);
        return why is null ? null : Unmeasured.Of(GateNames.Distribution(gate.Statistic), "D", gate.Margin, why) with
        {
            Samples = Math.Min(green.Scores.Count, blue.Scores.Count),
            Duration = time.GetElapsedTime(started),
        };
    }

    private string? Missing(string name, ScoreSample sample)
    {
        if (sample.MissingShare > options.Value.ToleratedMissingShare)
            return FormattableString.Invariant($"{name} owes {sample.MissingShare:0.#%} of its predictions")
                + (sample.Error is null ? " (null or not finite)" : $" (e.g. {sample.Error})");
        return sample.Scores.Count >= options.Value.FewestScores
            ? null
            : $"{name} gave {sample.Scores.Count} scores, fewer than {options.Value.FewestScores}";
    }
}
