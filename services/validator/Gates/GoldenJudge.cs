using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gates <c>golden-recall</c>, <c>golden-accuracy</c>, <c>golden-calibration</c> and <c>golden-tolerance</c>: answers to requests whose right
/// answers are known. The set is fixed, so its figures are judged as they are; the interval says what they would mean for other requests.
/// A missing answer is a wrong one.
/// </summary>
internal sealed class GoldenJudge(ScoreSampler sampler, IBlobs blobs, TimeProvider time)
{
    public const string Recall = "golden-recall";
    public const string Accuracy = "golden-accuracy";
    public const string CalibrationError = "golden-calibration";
    public const string Tolerance = "golden-tolerance";

    /// <summary>With fewer ones (for recall) or rows, a share says nothing.</summary>
    private const int Fewest = 20;

    private const double Tail = 0.025;

    public async Task<IReadOnlyList<GateResult>> JudgeAsync(GoldenGate gate, Side green, RequestTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var file = PayloadFile.Read(await blobs.GetAsync(gate.File, cancellationToken), gate.File.Name, green.Protocol);
        if (file.Error is { } unreadable) return NotMeasured(gate, unreadable);
        var sample = await sampler.SampleAsync(green, file.Payloads, tally.Add, cancellationToken);
        var results = new List<GateResult>();
        if (gate is not { MinRecall: null, MinAccuracy: null, MaxCalibrationError: null }) results.AddRange(Labels(gate, sample));
        if (gate.Tolerance is { } tolerance) results.Add(Expected(gate, tolerance, sample));
        return [.. results.Select(result => result with { Duration = time.GetElapsedTime(started) })];
    }

    /// <summary>One inconclusive result per limit that the policy sets.</summary>
    public static IReadOnlyList<GateResult> NotMeasured(GoldenGate gate, string why) =>
    [
        .. new (string Name, string Unit, double? Limit)[]
        {
            (Recall, "share", gate.MinRecall), (Accuracy, "share", gate.MinAccuracy), (CalibrationError, "ECE", gate.MaxCalibrationError),
            (Tolerance, "score", gate.Tolerance),
        }.Where(limit => limit.Limit is not null).Select(limit => Unmeasured.Of(limit.Name, limit.Unit, limit.Limit, why)),
    ];

    private static IEnumerable<GateResult> Labels(GoldenGate gate, ScoreSample sample)
    {
        var scores = new List<double>();
        var labels = new List<bool>();
        foreach (var (answer, number) in sample.Answers.Select((answer, index) => (answer, index + 1)))
        {
            if (PayloadField.Numbers(answer.Payload.Body, gate.Label, answer.Payload.Rows) is not { } truth || truth.Any(label => label is not (0 or 1)))
                return NotMeasured(gate with { Tolerance = null }, $"{gate.File.Name}, request {number}: no label of 0 or 1 per row at {gate.Label}");
            scores.AddRange(Rows(answer));
            labels.AddRange(truth.Select(label => label == 1));
        }

        return Judge(gate, [.. scores], [.. labels]);
    }

    private static IEnumerable<GateResult> Judge(GoldenGate gate, double[] scores, bool[] labels)
    {
        if (gate.MinRecall is { } minRecall)
        {
            var (recall, threshold, found, ones, zeros) = Labelled.RecallAt(scores, labels, gate.MaxFpr);
            yield return ones < Fewest || zeros < Fewest
                ? Unmeasured.Of(Recall, "share", minRecall, $"{ones} ones and {zeros} zeros, fewer than {Fewest} of one kind")
                : AtLeast(Recall, new(found, ones), minRecall, FormattableString.Invariant(
                    $"{recall:0.0%} of {ones} ones are found at a false-positive rate of at most {gate.MaxFpr:0.###%} (score {threshold:0.####} and above)"));
        }

        if (gate.MinAccuracy is { } minAccuracy)
        {
            var right = scores.Zip(labels).LongCount(row => double.IsFinite(row.First) && (row.First >= gate.DecisionThreshold) == row.Second);
            var share = new BinomialShare(right, scores.Length);
            yield return scores.Length < Fewest
                ? Unmeasured.Of(Accuracy, "share", minAccuracy, $"{scores.Length} rows, fewer than {Fewest}")
                : AtLeast(Accuracy, share, minAccuracy, FormattableString.Invariant($"{share.Share:0.0%} of {scores.Length} rows are decided rightly"));
        }

        if (gate.MaxCalibrationError is { } maxError) yield return Calibrated(scores, labels, maxError);
    }

    private static GateResult Calibrated(double[] scores, bool[] labels, double limit)
    {
        if (scores.Length < Fewest) return Unmeasured.Of(CalibrationError, "ECE", limit, $"{scores.Length} rows, fewer than {Fewest}");
        if (scores.Any(score => score is not (>= 0 and <= 1)))
            return Unmeasured.Of(CalibrationError, "ECE", limit, "not every score is a probability");
        var error = Labelled.CalibrationError(scores, labels);
        return Result(CalibrationError, "ECE", error, limit, error <= limit, scores.Length, FormattableString.Invariant(
            $"scores and shares of ones differ by {error:0.0000} (10 bins of equal width, {scores.Length} rows)"));
    }

    private static GateResult Expected(GoldenGate gate, double tolerance, ScoreSample sample)
    {
        double worst = 0;
        var rows = 0;
        foreach (var (answer, number) in sample.Answers.Select((answer, index) => (answer, index + 1)))
        {
            if (PayloadField.Numbers(answer.Payload.Body, gate.Expected, answer.Payload.Rows) is not { } expected)
                return Unmeasured.Of(Tolerance, "score", tolerance, $"{gate.File.Name}, request {number}: no expected score per row at {gate.Expected}");
            rows += expected.Length;
            worst = Rows(answer).Zip(expected, (score, right) => Math.Abs(score - right)).Append(worst).Max();
        }

        if (double.IsInfinity(worst))
            return Result(Tolerance, "score", null, tolerance, false, rows, "at least one answer is missing");
        return Result(Tolerance, "score", worst, tolerance, worst <= tolerance, rows, FormattableString.Invariant(
            $"the answer farthest from the expected one is {worst:0.######} away ({rows} rows)"));
    }

    /// <summary>A score per row; a missing one is lower than any.</summary>
    private static IEnumerable<double> Rows(Answer answer) => Enumerable.Range(0, answer.Payload.Rows).Select(row =>
        row < answer.Reply.Scores.Count && answer.Reply.Scores[row] is { } score ? score : double.NegativeInfinity);

    private static GateResult AtLeast(string name, BinomialShare share, double limit, string what) =>
        Result(name, "share", share.Share, limit, share.Share >= limit, (int)share.Trials, what) with
        {
            IntervalLow = share.LowerBound(Tail),
            IntervalHigh = share.UpperBound(Tail),
        };

    private static GateResult Result(string name, string unit, double? value, double limit, bool passed, int samples, string what) => new()
    {
        Gate = name,
        Verdict = passed ? Verdict.Passed : Verdict.Failed,
        Value = value,
        Threshold = limit,
        Unit = unit,
        Samples = samples,
        Summary = FormattableString.Invariant($"{what}: {(passed ? "within" : "beyond")} the limit {limit:0.####}"),
    };
}
