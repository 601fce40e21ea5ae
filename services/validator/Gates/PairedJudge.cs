using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>paired</c>: green and blue answer the very same requests. How many answers differ is a share of paired rows, judged by its exact
/// (Clopper–Pearson) interval against the limit; the largest differences are named. An answer that only one side gives differs.
/// </summary>
internal sealed class PairedJudge(ScoreSampler sampler, TimeProvider time, IOptions<GateOptions> options)
{
    public const string Name = "paired";
    private const string Unit = "share";
    private const int MostNamed = 3;
    private const double Tail = 0.025;

    public async Task<GateResult> JudgeAsync(PairedGate gate, GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (WhyNot(gate, subject) is { } impossible) return impossible;
        var payloads = subject.Requests.Payloads.ToArray();
        new Random(BitConverter.ToInt32(subject.Command.DeploymentId.ToByteArray())).Shuffle(payloads);
        InferencePayload[] asked = [.. payloads.Take(gate.Requests)];
        var samples = await Task.WhenAll(
            sampler.SampleAsync(subject.Green, asked, tally.Add, cancellationToken),
            sampler.SampleAsync(subject.Blue!, asked, static _ => { }, cancellationToken));
        var pairs = samples[0].Answers.Zip(samples[1].Answers).SelectMany(pair => Rows(pair.First, pair.Second)).ToArray();
        return Judge(gate, pairs) with { Duration = time.GetElapsedTime(started) };
    }

    /// <summary>Nothing was compared.</summary>
    public static GateResult Nothing(PairedGate gate, string why) => Unmeasured.Of(Name, Unit, gate.MaxDisagreement, why);

    private GateResult Judge(PairedGate gate, (double? Green, double? Blue)[] pairs)
    {
        if (pairs.Length < options.Value.FewestScores)
            return Nothing(gate, $"{pairs.Length} pairs of answers, fewer than {options.Value.FewestScores}") with { Samples = pairs.Length };
        var apart = pairs.Where(pair => !(Math.Abs((pair.Green ?? double.NaN) - (pair.Blue ?? double.NaN)) <= gate.Tolerance)).ToArray();
        var share = new BinomialShare(apart.Length, pairs.Length);
        double low = share.LowerBound(Tail), high = share.UpperBound(Tail);
        var verdict = high <= gate.MaxDisagreement ? Verdict.Passed : low > gate.MaxDisagreement ? Verdict.Failed : Verdict.Inconclusive;
        return Nothing(gate, "") with
        {
            Verdict = verdict,
            Value = share.Share,
            Samples = pairs.Length,
            IntervalLow = low,
            IntervalHigh = high,
            Summary = FormattableString.Invariant($"{apart.Length} of {pairs.Length} answers to the same requests differ by more than {gate.Tolerance:0.####}, ")
                + FormattableString.Invariant($"95 % interval {low:0.0%} to {high:0.0%}, against {gate.MaxDisagreement:0.##%}{Largest(apart)}"),
        };
    }

    private static string Largest((double? Green, double? Blue)[] apart) => apart.Length == 0 ? "" : "; the largest: " + string.Join(", ", apart
        .OrderByDescending(pair => Math.Abs((pair.Green ?? double.MaxValue) - (pair.Blue ?? 0))).Take(MostNamed)
        .Select(pair => FormattableString.Invariant($"{Text(pair.Blue)} → {Text(pair.Green)}")));

    private static string Text(double? score) => score is { } number ? FormattableString.Invariant($"{number:0.####}") : "none";

    private static IEnumerable<(double?, double?)> Rows(Answer green, Answer blue) => Enumerable.Range(0, green.Payload.Rows).Select(row =>
        (row < green.Reply.Scores.Count ? green.Reply.Scores[row] : null, row < blue.Reply.Scores.Count ? blue.Reply.Scores[row] : null));

    private static GateResult? WhyNot(PairedGate gate, GateSubject subject)
    {
        if (subject.Command.Blue is null)
            return Nothing(gate, "a first deployment has no blue to compare with") with { Verdict = Verdict.NotApplicable };
        if (subject.Blue is null) return Nothing(gate, $"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        if (subject.Requests.Error is { } error) return Nothing(gate, error);
        return subject.RequestsAreReal ? null : Nothing(gate, "the policy names no payloads to compare predictions on");
    }
}
