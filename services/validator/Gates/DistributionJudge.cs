using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Statistics;
using BlueGreen.Platform.Load;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>distribution-…</c>: is the distance between green's and blue's score distributions harmless? Undecided, it takes twice as many
/// samples. Every look at the data, and every slice, spends its share of the error (Bonferroni over what there can be).
/// </summary>
internal sealed class DistributionJudge(ScoreSampler sampler, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateResult> JudgeAsync(
        DistributionGate gate, GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (WhyNot(gate, subject) is { } impossible) return impossible;
        var halves = new DisjointHalves(subject.Requests.Payloads, subject.Command.DeploymentId);
        var slices = gate.SliceBy is { } pointer ? new Slices(pointer, subject.Requests.Payloads, gate.MinSliceSamples) : null;
        var available = Math.Min(gate.MaxSamples, halves.RowsPerSide);
        var target = Math.Min(Math.Max(gate.MinSamples, options.Value.FewestScores), available);
        var comparisons = DistributionTest.Looks(target, available) * (1 + (slices?.Count ?? 0));
        var confidence = DistributionTest.ShareOfConfidence(gate.Confidence, comparisons);
        var (green, blue) = (ScoreSample.Empty, ScoreSample.Empty);
        while (true)
        {
            var payloads = halves.Take(target - Math.Min(green.Count, blue.Count));
            var isLast = target >= available || (payloads.Green.Count == 0 && payloads.Blue.Count == 0);
            var fresh = await Task.WhenAll(
                sampler.SampleAsync(subject.Green, payloads.Green, tally.Add, cancellationToken),
                sampler.SampleAsync(subject.Blue!, payloads.Blue, static _ => { }, cancellationToken));
            (green, blue) = (green.With(fresh[0]), blue.With(fresh[1]));
            if (WhyNot(gate, green, blue, started) is { } unusable) return unusable;
            var result = Judge(gate, slices, green, blue, confidence);
            if (result.Verdict == Verdict.Inconclusive && !isLast)
            {
                target = Math.Min(available, 2 * target);
                continue;
            }

            if (blue.Scores.Count == 0) return result with { Duration = time.GetElapsedTime(started) };
            var rate = Calibration.FalseAlarmRate(gate, blue.Scores, green.Scores.Count, confidence, cancellationToken);
            return result with { FalseAlarmRate = rate, Duration = time.GetElapsedTime(started) };
        }
    }

    /// <summary>The whole, and every slice: the worst verdict counts and brings its figures.</summary>
    private static GateResult Judge(DistributionGate gate, Slices? slices, ScoreSample green, ScoreSample blue, double confidence)
    {
        if (blue.Scores.Count == 0 && green.Scores.Count == 0) return DistributionTest.Judge(gate, blue.Labels, green.Labels, confidence);
        var whole = DistributionTest.Judge(gate, SortedSample.Of([.. blue.Scores]), SortedSample.Of([.. green.Scores]), confidence);
        if (slices is null) return whole;
        var (greenSlices, blueSlices) = (slices.Split(green), slices.Split(blue));
        var results = greenSlices.Keys.Intersect(blueSlices.Keys).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Result: DistributionTest.Judge(gate, blueSlices[name], greenSlices[name], confidence)))
            .Select(slice => slice.Result with { Summary = $"slice {slice.Name}: {slice.Result.Summary}" })
            .Prepend(whole).ToArray();
        var worst = results.FirstOrDefault(result => result.Verdict == Verdict.Failed)
            ?? results.FirstOrDefault(result => result.Verdict == Verdict.Inconclusive) ?? whole;
        return worst with { Summary = $"{worst.Summary} ({results.Length - 1} slices by {gate.SliceBy})" };
    }

    private static GateResult? WhyNot(DistributionGate gate, GateSubject subject)
    {
        if (subject.Command.Blue is null)
            return Nothing(gate, "a first deployment has no blue to compare with") with { Verdict = Verdict.NotApplicable };
        if (DistributionStatistic.Find(gate.Statistic) is null)
            return Nothing(gate, $"'{gate.Statistic}' is not one of: {string.Join(", ", DistributionStatistic.All.Select(known => known.Name))}");
        if (subject.Blue is null) return Nothing(gate, $"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        if (subject.Requests.Error is { } error) return Nothing(gate, error);
        return subject.RequestsAreReal ? null : Nothing(gate, "the policy names no payloads to compare predictions on");
    }

    /// <summary>Nothing was compared.</summary>
    public static GateResult Nothing(DistributionGate gate, string why) => Unmeasured.Of(
        DistributionTest.NameOf(gate), DistributionStatistic.Find(gate.Statistic)?.Unit ?? gate.Statistic, gate.Margin, why);

    private GateResult? WhyNot(DistributionGate gate, ScoreSample green, ScoreSample blue, long started)
    {
        var why = Missing("blue", blue) ?? Missing("green", green);
        return why is null ? null : Nothing(gate, why) with
        {
            Samples = Math.Min(green.Count, blue.Count),
            Duration = time.GetElapsedTime(started),
        };
    }

    private string? Missing(string name, ScoreSample sample)
    {
        if (sample.MissingShare > options.Value.ToleratedMissingShare)
            return FormattableString.Invariant($"{name} owes {sample.MissingShare:0.#%} of its predictions")
                + (sample.Error is null ? " (null or not finite)" : $" (e.g. {sample.Error})");
        return sample.Count >= options.Value.FewestScores
            ? null
            : $"{name} gave {sample.Count} predictions, fewer than {options.Value.FewestScores}";
    }
}
