using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>Gate <c>paired</c>: green and blue answer the very same requests; <see cref="PairedEvidence"/> judges the answers.</summary>
internal sealed class PairedJudge(ScoreSampler sampler, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateEvidence> JudgeAsync(PairedGate gate, GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (WhyNot(gate, subject) is { } impossible) return GateEvidence.Of(GateNames.Paired, impossible);
        var payloads = subject.Requests.Payloads.ToArray();
        new Random(BitConverter.ToInt32(subject.Command.DeploymentId.ToByteArray())).Shuffle(payloads);
        InferencePayload[] asked = [.. payloads.Take(gate.Requests)];
        var samples = await Task.WhenAll(
            sampler.SampleAsync(subject.Green, asked, tally.Add, cancellationToken),
            sampler.SampleAsync(subject.Blue!, asked, static _ => { }, cancellationToken));
        var evidence = new PairedEvidence
        {
            Green = [.. samples[0].Answers.SelectMany(answer => answer.Rows)],
            Blue = [.. samples[1].Answers.SelectMany(answer => answer.Rows)],
            Fewest = options.Value.FewestScores,
        };
        var result = evidence.Judge(gate) with { Duration = time.GetElapsedTime(started) };
        return GateEvidence.Of(GateNames.Paired, result) with { Paired = evidence };
    }

    private static GateResult? WhyNot(PairedGate gate, GateSubject subject)
    {
        if (subject.Command.Blue is null)
            return PairedEvidence.Nothing(gate, "a first deployment has no blue to compare with") with { Verdict = Verdict.NotApplicable };
        if (subject.Blue is null) return PairedEvidence.Nothing(gate, $"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        if (subject.Requests.Error is { } error) return PairedEvidence.Nothing(gate, error);
        return subject.RequestsAreReal ? null : PairedEvidence.Nothing(gate, "the policy names no payloads to compare predictions on");
    }
}
