using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Distributions;

/// <summary>
/// A/A: the gate is played with blue in both parts, on draws (with replacement) from blue's own scores of the sizes that were compared.
/// What it fails then are false alarms. A gate that fails blue itself has too small a margin.
/// </summary>
public static class Calibration
{
    private const int Trials = 100;

    /// <summary>The share of trials that failed.</summary>
    /// <param name="gate">The gate as it was judged.</param>
    /// <param name="blue">Blue's scores, at least one.</param>
    /// <param name="candidates">How many scores green gave.</param>
    /// <param name="confidence">Of the look that decided.</param>
    /// <param name="cancellationToken">Ends the trials.</param>
    public static double FalseAlarmRate(
        DistributionGate gate, IReadOnlyList<double> blue, int candidates, double confidence, CancellationToken cancellationToken)
    {
        var random = new Random(Trials);
        double[] scores = [.. blue], first = new double[scores.Length], second = new double[candidates];
        var failed = 0;
        for (var i = 0; i < Trials; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Draw(random, scores, first);
            Draw(random, scores, second);
            var verdict = DistributionTest.Judge(gate, SortedSample.Of(first), SortedSample.Of(second), confidence).Verdict;
            failed += verdict == Verdict.Failed ? 1 : 0;
        }

        return (double)failed / Trials;
    }

    private static void Draw(Random random, double[] from, double[] to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = from[random.Next(from.Length)];
    }
}
