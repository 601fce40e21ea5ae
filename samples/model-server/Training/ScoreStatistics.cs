namespace BlueGreen.ModelServer.Training;

internal static class ScoreStatistics
{
    /// <summary>
    /// The two-sample Kolmogorov-Smirnov statistic: the largest gap between the two empirical distribution functions.
    /// </summary>
    public static double Distance(IEnumerable<float> first, IEnumerable<float> second)
    {
        var (a, b) = (first.Order().ToArray(), second.Order().ToArray());
        var (i, j, largest) = (0, 0, 0.0);
        while (i < a.Length && j < b.Length)
        {
            var at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= at) i++;
            while (j < b.Length && b[j] <= at) j++;
            largest = Math.Max(largest, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }

        return largest;
    }

    public static double NullRate(IReadOnlyCollection<float> scores) =>
        (double)scores.Count(float.IsNaN) / scores.Count;
}
