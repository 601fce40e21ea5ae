namespace BlueGreen.Prewarmer.Warming;

/// <summary>The Mann–Kendall test for a monotone trend in a series.</summary>
internal static class TrendTest
{
    /// <summary>
    /// The standardised statistic, with continuity correction and the variance corrected for ties; negative when the series falls, 0
    /// when all values are equal. Quadratic in the length.
    /// </summary>
    public static double Z(double[] series)
    {
        var score = 0L;
        for (var i = 0; i < series.Length; i++)
            for (var j = i + 1; j < series.Length; j++)
                score += series[j].CompareTo(series[i]);
        var variance = Spread(series.Length) - series.GroupBy(value => value).Sum(ties => Spread(ties.Count()));
        return variance <= 0 || score == 0 ? 0 : (score - Math.Sign(score)) / Math.Sqrt(variance);
    }

    private static double Spread(int count) => count * (count - 1.0) * ((2.0 * count) + 5) / 18;
}
