using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gates <c>golden-…</c>: asks green the requests whose right answers are known, and reads these beside them, as far as the file has them
/// and whether or not the gate has a limit for them; <see cref="GoldenEvidence"/> judges.
/// </summary>
internal sealed class GoldenJudge(ScoreSampler sampler, IBlobs blobs, TimeProvider time)
{
    public async Task<GateEvidence> JudgeAsync(GoldenGate gate, Side green, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var file = PayloadFile.Read(await blobs.GetAsync(gate.File, cancellationToken), gate.File.Name, green.Protocol);
        if (file.Error is { } unreadable) return GateEvidence.Of(GateNames.Golden, GoldenEvidence.Nothing(gate, unreadable));
        var sample = await sampler.SampleAsync(green, file.Payloads, tally.Add, cancellationToken);
        var (labels, noLabels) = Read(gate, sample, gate.Label, "label of 0 or 1", static label => label is 0 or 1);
        var (expected, noExpected) = Read(gate, sample, gate.Expected, "expected score", static _ => true);
        var evidence = new GoldenEvidence
        {
            Scores = [.. sample.Answers.SelectMany(answer => answer.Rows)],
            Labels = labels is null ? null : [.. labels.Select(label => label == 1)],
            LabelsFault = noLabels,
            Expected = expected,
            ExpectedFault = noExpected,
        };
        var results = evidence.Judge(gate).Select(result => result with { Duration = time.GetElapsedTime(started) });
        return GateEvidence.Of(GateNames.Golden, [.. results]) with { Golden = evidence };
    }

    private static (IReadOnlyList<double>? Values, string? Fault) Read(
        GoldenGate gate, ScoreSample sample, string pointer, string what, Func<double, bool> isRight)
    {
        var values = new List<double>();
        foreach (var (answer, number) in sample.Answers.Select((answer, index) => (answer, index + 1)))
        {
            if (PayloadField.Numbers(answer.Payload.Body, pointer, answer.Payload.Rows) is not { } numbers || !numbers.All(isRight))
                return (null, $"{gate.File.Name}, request {number}: no {what} per row at {pointer}");
            values.AddRange(numbers);
        }

        return (values, null);
    }
}
