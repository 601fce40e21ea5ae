namespace BlueGreen.Judging.Statistics;

/// <summary>
/// The first Wasserstein (earth mover's) distance, ∫ |F − G| dx, in the values' own unit. Source: L. N. Vaserstein, Problemy Peredachi
/// Informatsii 5 (1969); on the line it is the area between the distribution functions (S. S. Vallender, 1973).
/// </summary>
public static class Wasserstein
{
    /// <summary>Between two samples with at least one number each.</summary>
    public static double Distance(SortedSample first, SortedSample second)
    {
        ArgumentOutOfRangeException.ThrowIfZero(first.Count);
        ArgumentOutOfRangeException.ThrowIfZero(second.Count);
        ReadOnlySpan<double> x = first.Values, y = second.Values;
        var area = 0.0;
        int i = 0, j = 0;
        var previous = Math.Min(x[0], y[0]);
        while (i < x.Length && j < y.Length)
        {
            var value = x[i] <= y[j] ? x[i] : y[j];
            area += Math.Abs(((double)i / x.Length) - ((double)j / y.Length)) * (value - previous);
            previous = value;
            if (x[i] == value) i++;
            else j++;
        }

        for (; i < x.Length; previous = x[i++]) area += (1 - ((double)i / x.Length)) * (x[i] - previous);
        for (; j < y.Length; previous = y[j++]) area += (1 - ((double)j / y.Length)) * (y[j] - previous);
        return area;
    }

    /// <summary>Between two weighted sets of values; weights are not negative and are scaled to a sum of 1.</summary>
    public static double Distance(
        IReadOnlyList<double> firstValues, IReadOnlyList<double> firstWeights, IReadOnlyList<double> secondValues, IReadOnlyList<double> secondWeights)
    {
        double firstSum = firstWeights.Sum(), secondSum = secondWeights.Sum();
        var steps = firstValues.Zip(firstWeights, (value, weight) => (value, step: weight / firstSum))
            .Concat(secondValues.Zip(secondWeights, (value, weight) => (value, step: -weight / secondSum)))
            .OrderBy(pair => pair.value).ToArray();
        double area = 0, difference = 0;
        for (var i = 0; i + 1 < steps.Length; i++)
        {
            difference += steps[i].step;
            area += Math.Abs(difference) * (steps[i + 1].value - steps[i].value);
        }

        return area;
    }
}
