using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// A/A: the gate is played with blue in both parts. What it fails then are false alarms, and a margin that blue itself does not keep is too
/// small. The same answers always give the same figures.
/// </summary>
internal static class Calibration
{
    private const int Trials = 100;

    /// <summary>The share of trials that failed, on draws (with replacement) from blue's own answers of the sizes that were compared.</summary>
    /// <param name="gate">The gate as it was judged.</param>
    /// <param name="blue">Blue's answers, at least one.</param>
    /// <param name="candidates">How many green gave.</param>
    /// <param name="confidence">Of the look that decided.</param>
    /// <param name="cancellationToken">Ends the trials.</param>
    public static double FalseAlarmRate(
        DistributionGate gate, SideScores blue, int candidates, double confidence, CancellationToken cancellationToken)
    {
        var random = new Random(Trials);
        var failed = 0;
        for (var i = 0; i < Trials; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var verdict = OutputTest.Judge(gate, Draw(random, blue, blue.Count), Draw(random, blue, candidates), confidence).Verdict;
            failed += verdict == Verdict.Failed ? 1 : 0;
        }

        return (double)failed / Trials;
    }

    /// <summary>
    /// The smallest margin that lets blue pass against itself, on random halves of its answers (which are to different inputs), as often as
    /// asked for, and against every retrain.
    /// </summary>
    /// <param name="gate">The gate as it applies to the output, with its calibration.</param>
    /// <param name="blue">Blue's answers.</param>
    /// <param name="retrains">Those of the retrains that give this output.</param>
    /// <param name="confidence">Of each interval.</param>
    /// <returns>Null when there is too little of blue to split.</returns>
    public static MarginFit? Fit(DistributionGate gate, SideScores blue, IReadOnlyList<RetrainScores> retrains, double confidence)
    {
        var calibration = gate.Calibration!;
        var random = new Random(Trials);
        var highs = new double[calibration.Splits];
        for (var i = 0; i < highs.Length; i++)
        {
            var (first, second) = Split(random, blue);
            if (OutputTest.Judge(gate, first, second, confidence).IntervalHigh is not { } high) return null;
            highs[i] = high;
        }

        var each = retrains.Select(retrain => (retrain.Name, OutputTest.Judge(gate, blue, retrain.Scores, confidence).IntervalHigh))
            .Where(retrain => retrain.IntervalHigh is not null).Select(retrain => new RetrainFit(retrain.Name, retrain.IntervalHigh!.Value)).ToArray();
        return new(calibration, blue.Count / 2, SortedSample.Of(highs).Quantile(calibration.Quantile), each, gate.Margin);
    }

    private static SideScores Draw(Random random, SideScores from, int count) => new()
    {
        Scores = Draw(random, from.Scores, count),
        Labels = Draw(random, from.Labels, count),
    };

    private static T[] Draw<T>(Random random, IReadOnlyList<T> from, int count)
    {
        var drawn = new T[from.Count == 0 ? 0 : count];
        for (var i = 0; i < drawn.Length; i++) drawn[i] = from[random.Next(from.Count)];
        return drawn;
    }

    private static (SideScores First, SideScores Second) Split(Random random, SideScores blue)
    {
        var (scores, labels) = (blue.Scores.ToArray(), blue.Labels.ToArray());
        random.Shuffle(scores);
        random.Shuffle(labels);
        return (
            new() { Scores = scores[..(scores.Length / 2)], Labels = labels[..(labels.Length / 2)] },
            new() { Scores = scores[(scores.Length / 2)..], Labels = labels[(labels.Length / 2)..] });
    }
}
