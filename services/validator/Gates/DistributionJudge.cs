using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Load;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>distribution-…</c>: is the distance between green's and blue's predictions harmless? Undecided, it takes twice as many samples. How
/// they are judged is <see cref="DistributionEvidence"/>'s; here they are asked for. A margin that is fitted is known before green is asked:
/// blue answers all of its requests first.
/// </summary>
internal sealed class DistributionJudge(ScoreSampler sampler, RetrainFiles retrains, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateEvidence> JudgeAsync(
        DistributionGate gate, GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (WhyNot(gate, subject) is { } impossible) return GateEvidence.Of(GateNames.Distribution, impossible);
        var (known, unreadable) = await retrains.ReadAsync(gate.Calibration?.Retrains ?? [], cancellationToken);
        if (unreadable is not null) return GateEvidence.Of(GateNames.Distribution, DistributionEvidence.Nothing(gate, unreadable));
        var halves = new DisjointHalves(subject.Requests.Payloads, subject.Command.DeploymentId);
        var slices = gate.SliceBy is { } pointer ? new Slices(pointer, subject.Requests.Payloads, gate.MinSliceSamples) : null;
        var (green, blue) = (new SampledSide(sampler, subject.Green, slices), new SampledSide(sampler, subject.Blue!, slices));
        var evidence = Nothing(gate, slices, halves.RowsPerSide) with { Retrains = known };
        if (gate.Calibration is not null) await blue.AskAsync(halves.TakeBlue(gate.MaxSamples), static _ => { }, cancellationToken);
        GateResult? result = null;
        while ((result is null || result.Verdict == Verdict.Inconclusive) && evidence.Next(gate) is { } target)
        {
            await Task.WhenAll(
                green.AskAsync(halves.TakeGreen(target - green.Asked), tally.Add, cancellationToken),
                blue.AskAsync(halves.TakeBlue(target - blue.Asked), static _ => { }, cancellationToken));
            evidence = Looked(evidence, green.Scores, blue.Scores, gate.Calibration is null ? blue.Scores.Count : Math.Min(target, blue.Scores.Count), halves.AreEmpty);
            result = evidence.Judge(gate);
            if (evidence.WhyNot(gate) is not null) break;
        }

        result = evidence.Calibrate(gate, result ?? DistributionEvidence.Nothing(gate, "there are no requests"), cancellationToken);
        return GateEvidence.Of(GateNames.Distribution, result with { Duration = time.GetElapsedTime(started) }) with { Distribution = evidence };
    }

    private DistributionEvidence Nothing(DistributionGate gate, Slices? slices, int available) => new()
    {
        Green = SideScores.Empty,
        Blue = SideScores.Empty,
        SliceBy = gate.SliceBy,
        Slices = slices?.Names ?? [],
        Available = available,
        MinSamples = gate.MinSamples,
        MaxSamples = gate.MaxSamples,
        Fewest = options.Value.FewestScores,
        ToleratedMissingShare = options.Value.ToleratedMissingShare,
    };

    private static DistributionEvidence Looked(DistributionEvidence evidence, SideScores green, SideScores blue, int blueLooked, bool isExhausted) => evidence with
    {
        Green = green,
        Blue = blue,
        Looks = [.. evidence.Looks, new LookSize(green.Count, blueLooked)],
        IsExhausted = isExhausted,
    };

    private static GateResult? WhyNot(DistributionGate gate, GateSubject subject)
    {
        if (subject.Command.Blue is null)
            return DistributionEvidence.Nothing(gate, "a first deployment has no blue to compare with") with { Verdict = Verdict.NotApplicable };
        if (DistributionStatistic.Find(gate.Statistic) is null)
        {
            return DistributionEvidence.Nothing(
                gate, $"'{gate.Statistic}' is not one of: {string.Join(", ", DistributionStatistic.All.Select(known => known.Name))}");
        }

        if (subject.Blue is null) return DistributionEvidence.Nothing(gate, $"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        if (subject.Requests.Error is { } error) return DistributionEvidence.Nothing(gate, error);
        return subject.RequestsAreReal ? null : DistributionEvidence.Nothing(gate, "the policy names no payloads to compare predictions on");
    }
}
