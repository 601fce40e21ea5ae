namespace BlueGreen.Judging.Statistics;

/// <summary>Figures of predictions whose truth is known: labels are 0 or 1, scores are probabilities of 1.</summary>
public static class Labelled
{
    /// <summary>Share of predictions on the right side of the threshold (a score at it counts as 1).</summary>
    public static double Accuracy(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double threshold = 0.5)
    {
        var right = 0;
        for (var i = 0; i < scores.Length; i++) right += (scores[i] >= threshold) == labels[i] ? 1 : 0;
        return (double)right / scores.Length;
    }

    /// <summary>
    /// Expected calibration error: scores in bins of equal width over [0, 1], Σ nᵦ/n · |mean score − share of ones|. Source: M. Naeini,
    /// G. Cooper and M. Hauskrecht, AAAI (2015). Bins are (a, b], the first one including 0.
    /// </summary>
    public static double CalibrationError(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, int bins = 10)
    {
        var sums = new double[bins];
        for (var i = 0; i < scores.Length; i++)
        {
            var bin = Math.Clamp((int)Math.Ceiling(scores[i] * bins) - 1, 0, bins - 1);
            sums[bin] += scores[i] - (labels[i] ? 1 : 0);
        }

        var error = 0.0;
        foreach (var sum in sums) error += Math.Abs(sum);
        return error / scores.Length;
    }

    /// <summary>
    /// The largest share of ones that can be found while no more than <paramref name="maxFalsePositiveRate"/> of the zeros are found with
    /// them, over all thresholds. Equal scores stand or fall together; a score of −∞ is never found.
    /// </summary>
    /// <returns>The recall, and the ones and zeros at or above the threshold that gives it.</returns>
    public static (double Recall, double Threshold, int Found, int Ones, int Zeros) RecallAt(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double maxFalsePositiveRate)
    {
        var order = scores.ToArray();
        var truth = labels.ToArray();
        Array.Sort(order, truth);
        int ones = truth.Count(label => label), zeros = truth.Length - ones, found = 0, wrong = 0, best = 0;
        var threshold = double.PositiveInfinity;
        for (var i = order.Length - 1; i >= 0;)
        {
            var score = order[i];
            if (double.IsNegativeInfinity(score)) break;
            for (; i >= 0 && order[i] == score; i--) _ = truth[i] ? found++ : wrong++;
            if (wrong > maxFalsePositiveRate * zeros) break;
            (best, threshold) = (found, score);
        }

        return (ones == 0 ? double.NaN : (double)best / ones, threshold, best, ones, zeros);
    }
}
