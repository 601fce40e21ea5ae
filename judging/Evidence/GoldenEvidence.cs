using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// Green's answers to requests whose right answers are known, row by row, with these. The set is fixed, so its figures are judged as they
/// are; the interval says what they would mean for other requests. A missing answer is a wrong one.
/// </summary>
public sealed record GoldenEvidence
{
    public const string Recall = "golden-recall";
    public const string Accuracy = "golden-accuracy";
    public const string CalibrationError = "golden-calibration";
    public const string Tolerance = "golden-tolerance";

    /// <summary>With fewer ones (for recall) or rows, a share says nothing.</summary>
    private const int Fewest = 20;
    private const int Draws = 500;
    private const double Tail = 0.025;

    /// <summary>A score per row; null: missing.</summary>
    public required IReadOnlyList<double?> Scores { get; init; }

    /// <summary>Whether each row is a one; null: see <see cref="LabelsFault"/>.</summary>
    public IReadOnlyList<bool>? Labels { get; init; }

    /// <summary>Why there are no labels.</summary>
    public string? LabelsFault { get; init; }

    /// <summary>The right score of each row; null: see <see cref="ExpectedFault"/>.</summary>
    public IReadOnlyList<double>? Expected { get; init; }

    /// <summary>Why there are no right scores.</summary>
    public string? ExpectedFault { get; init; }

    /// <summary>One result per limit that the gate sets.</summary>
    public IReadOnlyList<GateResult> Judge(GoldenGate gate)
    {
        double[] scores = [.. Scores.Select(score => score ?? double.NegativeInfinity)];
        var asksLabels = gate is not { MinRecall: null, MinAccuracy: null, MaxCalibrationError: null };
        IEnumerable<GateResult> labelled = !asksLabels ? []
            : Labels is { } labels ? Labelled(gate, scores, [.. labels])
            : Nothing(gate with { Tolerance = null }, LabelsFault ?? "no labels were kept");
        return [.. labelled, .. gate.Tolerance is { } tolerance ? [Near(tolerance, scores)] : Array.Empty<GateResult>()];
    }

    /// <summary>One inconclusive result per limit that the policy sets.</summary>
    public static IReadOnlyList<GateResult> Nothing(GoldenGate gate, string why) =>
    [
        .. new (string Name, string Unit, double? Limit)[]
        {
            (Recall, "share", gate.MinRecall), (Accuracy, "share", gate.MinAccuracy), (CalibrationError, "ECE", gate.MaxCalibrationError),
            (Tolerance, "score", gate.Tolerance),
        }.Where(limit => limit.Limit is not null).Select(limit => Unmeasured.Of(limit.Name, limit.Unit, limit.Limit, why)),
    ];

    private static IEnumerable<GateResult> Labelled(GoldenGate gate, double[] scores, bool[] labels)
    {
        if (gate.MinRecall is { } minRecall)
        {
            var (recall, threshold, found, ones, zeros) = Statistics.Labelled.RecallAt(scores, labels, gate.MaxFpr);
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
        var error = Statistics.Labelled.CalibrationError(scores, labels);
        var redrawn = Redraw(scores, labels);
        return Result(CalibrationError, "ECE", error, limit, error <= limit, scores.Length, FormattableString.Invariant(
            $"scores and shares of ones differ by {error:0.0000} (10 bins of equal width, {scores.Length} rows)")) with
        {
            IntervalLow = redrawn.Quantile(Tail),
            IntervalHigh = redrawn.Quantile(1 - Tail),
        };
    }

    /// <summary>The error of rows drawn again, with replacement (percentile bootstrap).</summary>
    private static SortedSample Redraw(double[] scores, bool[] labels)
    {
        var random = new Random(Draws);
        var errors = new double[Draws];
        var (drawn, truth) = (new double[scores.Length], new bool[scores.Length]);
        for (var i = 0; i < Draws; i++)
        {
            for (var row = 0; row < drawn.Length; row++)
            {
                var taken = random.Next(scores.Length);
                (drawn[row], truth[row]) = (scores[taken], labels[taken]);
            }

            errors[i] = Statistics.Labelled.CalibrationError(drawn, truth);
        }

        return SortedSample.Of(errors);
    }

    private GateResult Near(double tolerance, double[] scores)
    {
        if (Expected is not { } expected) return Unmeasured.Of(Tolerance, "score", tolerance, ExpectedFault ?? "no expected scores were kept");
        var worst = scores.Zip(expected, (score, right) => Math.Abs(score - right)).Append(0).Max();
        return double.IsInfinity(worst)
            ? Result(Tolerance, "score", null, tolerance, false, scores.Length, "at least one answer is missing")
            : Result(Tolerance, "score", worst, tolerance, worst <= tolerance, scores.Length, FormattableString.Invariant(
                $"the answer farthest from the expected one is {worst:0.######} away ({scores.Length} rows)"));
    }

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
