using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Load;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>distribution-…</c>: is the distance between green's and blue's score distributions harmless? Undecided, it takes twice as many
/// samples. How the scores are judged is <see cref="DistributionEvidence"/>'s; here they are asked for.
/// </summary>
internal sealed class DistributionJudge(ScoreSampler sampler, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateEvidence> JudgeAsync(
        DistributionGate gate, GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (WhyNot(gate, subject) is { } impossible) return GateEvidence.Of(GateNames.Distribution, impossible);
        var halves = new DisjointHalves(subject.Requests.Payloads, subject.Command.DeploymentId);
        var slices = gate.SliceBy is { } pointer ? new Slices(pointer, subject.Requests.Payloads, gate.MinSliceSamples) : null;
        var evidence = Nothing(gate, slices, halves.RowsPerSide);
        GateResult? result = null;
        while ((result is null || result.Verdict == Verdict.Inconclusive) && evidence.Next(gate) is { } target)
        {
            var payloads = halves.Take(target - Math.Min(evidence.Green.Count, evidence.Blue.Count));
            var fresh = await Task.WhenAll(
                sampler.SampleAsync(subject.Green, payloads.Green, tally.Add, cancellationToken),
                sampler.SampleAsync(subject.Blue!, payloads.Blue, static _ => { }, cancellationToken));
            evidence = Looked(evidence, fresh[0].AddTo(evidence.Green, slices), fresh[1].AddTo(evidence.Blue, slices), halves.AreEmpty);
            result = evidence.Judge(gate);
            if (evidence.WhyNot() is not null) break;
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

    private static DistributionEvidence Looked(DistributionEvidence evidence, SideScores green, SideScores blue, bool isExhausted) => evidence with
    {
        Green = green,
        Blue = blue,
        Looks = [.. evidence.Looks, new LookSize(green.Count, blue.Count)],
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
