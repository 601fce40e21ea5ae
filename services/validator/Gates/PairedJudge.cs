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
        if (asked.Length == 0) return GateEvidence.Of(GateNames.Paired, PairedEvidence.Nothing(gate, "there are no requests"));
        var samples = await Task.WhenAll(
            sampler.SampleAsync(subject.Green, asked, tally.Add, cancellationToken),
            sampler.SampleAsync(subject.Blue!, asked, static _ => { }, cancellationToken));
        var evidence = new PairedEvidence { Outputs = Pair(samples[0], samples[1]), Fewest = options.Value.FewestScores };
        var result = evidence.Judge(gate) with { Duration = time.GetElapsedTime(started) };
        return GateEvidence.Of(GateNames.Paired, result) with { Paired = evidence };
    }

    /// <summary>Blue's outputs: its first beside green's first, the others beside green's of the same name.</summary>
    private static PairedOutput[] Pair(ScoreSample green, ScoreSample blue)
    {
        var (before, after) = (Rows(blue), Rows(green));
        return [.. before.Select((output, place) => (Blue: output, Green: place == 0 ? after[0] : after.FirstOrDefault(other => other.Name == output.Name)))
            .Select(pair => new PairedOutput
            {
                Name = pair.Blue.Name,
                Blue = pair.Blue.Scores,
                BlueLabels = pair.Blue.Labels,
                Green = pair.Green?.Scores ?? [],
                GreenLabels = pair.Green?.Labels ?? [],
            })];
    }

    /// <summary>Every output with a value, or null, for every row that was asked.</summary>
    private static PredictedOutput[] Rows(ScoreSample sample)
    {
        var layout = OutputLayout.Of(sample.Answers);
        var read = sample.Answers.Select(answer => (answer.Payload.Rows, Outputs: layout.Read(answer))).ToArray();
        return [.. Enumerable.Range(0, read[0].Outputs.Count).Select(place =>
        {
            var areLabels = read.Any(answer => answer.Outputs[place].Labels.Count > 0);
            return new PredictedOutput(
                read[0].Outputs[place].Name,
                areLabels ? [] : [.. read.SelectMany(answer => Padded(answer.Outputs[place].Scores, answer.Rows))],
                areLabels ? [.. read.SelectMany(answer => Padded(answer.Outputs[place].Labels, answer.Rows))] : []);
        })];
    }

    private static IEnumerable<T?> Padded<T>(IReadOnlyList<T?> values, int rows) =>
        Enumerable.Range(0, rows).Select(row => row < values.Count ? values[row] : default);

    private static GateResult? WhyNot(PairedGate gate, GateSubject subject)
    {
        if (subject.Command.Blue is null)
            return PairedEvidence.Nothing(gate, "a first deployment has no blue to compare with") with { Verdict = Verdict.NotApplicable };
        if (subject.Blue is null) return PairedEvidence.Nothing(gate, $"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        if (subject.Requests.Error is { } error) return PairedEvidence.Nothing(gate, error);
        return subject.RequestsAreReal ? null : PairedEvidence.Nothing(gate, "the policy names no payloads to compare predictions on");
    }
}
