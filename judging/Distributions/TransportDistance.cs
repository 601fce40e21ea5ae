using BlueGreen.Judging.Statistics;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Judging.Distributions;

/// <summary>Wasserstein's distance in standard deviations of the baseline, with its interval.</summary>
/// <remarks>
/// <para>Upper bound: the distance is the largest difference of means over functions of slope at most 1 (L. Kantorovich and
/// G. Rubinstein). At the function that is best for the true distributions the sample's difference has their distance as its mean, and a
/// variance of at most σ²/n + τ²/m: a plain normal quantile suffices.</para>
/// <para>Lower bound: the sample's distance exceeds the true one by at most ∫ |(F̂ − F) − (Ĝ − G)|, whose limit is √(1/n + 1/m) times the
/// area under a Brownian bridge's path over the pooled distribution; by Anderson's inequality that is safe where the distributions differ,
/// as for D (see <see cref="DistanceInterval"/>). Its quantile is simulated on a grid of quantiles, always with the same numbers.</para>
/// </remarks>
internal static class TransportDistance
{
    private const int GridPoints = 64;
    private const int Paths = 2000;
    private const int MostPaths = 50_000;
    private const double PathsPerTail = 10;

    /// <summary>Numbers beyond these have squares that are none, or 0.</summary>
    private const double Largest = 1e150;
    private const double Smallest = 1e-150;

    public static Effect Measure(SortedSample baseline, SortedSample candidate, double confidence)
    {
        // In standard deviations the unit does not matter.
        var size = Math.Max(Size(baseline), Size(candidate));
        var effect = size is > Largest or (> 0 and < Smallest)
            ? InDeviations(Divided(baseline, size), Divided(candidate, size), confidence)
            : InDeviations(baseline, candidate, confidence);
        return new(Finite(effect.Value), Finite(effect.Low), Finite(effect.High), null);
    }

    private static double Size(SortedSample sample) => Math.Max(Math.Abs(sample.Smallest), Math.Abs(sample.Largest));

    private static SortedSample Divided(SortedSample sample, double by)
    {
        var values = sample.Values.ToArray();
        for (var i = 0; i < values.Length; i++) values[i] /= by;
        return SortedSample.Of(values);
    }

    /// <summary>Of a baseline that hardly varies any distance is too many deviations to be a number.</summary>
    private static double Finite(double value) => Math.Min(value, double.MaxValue);

    private static Effect InDeviations(SortedSample baseline, SortedSample candidate, double confidence)
    {
        var unit = baseline.Moments().Deviation;
        var other = candidate.Moments().Deviation;
        if (unit == 0) unit = other;
        var distance = Wasserstein.Distance(baseline, candidate);
        if (unit == 0) return new(distance == 0 ? 0 : double.MaxValue, distance == 0 ? 0 : double.MaxValue, distance == 0 ? 0 : double.MaxValue, null);
        var tail = (1 - confidence) / 2;
        var above = Normal.InvCDF(0, 1, 1 - tail)
            * Math.Sqrt((baseline.Moments().Deviation * baseline.Moments().Deviation / baseline.Count) + (other * other / candidate.Count));
        var below = Quantile(Grid(baseline, candidate), 1 - tail) * Math.Sqrt((1.0 / baseline.Count) + (1.0 / candidate.Count));
        return new(distance / unit, Math.Max(0, distance - below) / unit, (distance + above) / unit, null);
    }

    /// <summary>Quantiles of the two samples' mixture, ends included.</summary>
    private static double[] Grid(SortedSample baseline, SortedSample candidate)
    {
        var both = new double[4 * GridPoints];
        for (var i = 0; i < 2 * GridPoints; i++)
        {
            var share = i / ((2.0 * GridPoints) - 1);
            (both[2 * i], both[(2 * i) + 1]) = (baseline.Quantile(share), candidate.Quantile(share));
        }

        var mixture = SortedSample.Of(both);
        return [.. Enumerable.Range(0, GridPoints + 1).Select(i => mixture.Quantile((double)i / GridPoints))];
    }

    private static double Quantile(double[] grid, double share)
    {
        var random = new Random(GridPoints);
        var areas = new double[(1 - share) * Paths >= 2 ? Paths : (int)Math.Min(MostPaths, PathsPerTail / (1 - share))];
        var path = new double[GridPoints + 1];
        for (var i = 0; i < areas.Length; i++) areas[i] = Area(grid, path, random);
        return SortedSample.Of(areas).Quantile(share);
    }

    /// <summary>The area under one bridge: a random walk less its last value's share, between neighbouring points the mean of both.</summary>
    private static double Area(double[] grid, double[] path, Random random)
    {
        var step = 1 / Math.Sqrt(GridPoints);
        for (var i = 1; i <= GridPoints; i++) path[i] = path[i - 1] + (step * Normal.Sample(random, 0, 1));
        double area = 0, end = path[GridPoints], before = 0;
        for (var i = 1; i <= GridPoints; i++)
        {
            var here = Math.Abs(path[i] - (end * i / GridPoints));
            area += (before + here) / 2 * (grid[i] - grid[i - 1]);
            before = here;
        }

        return area;
    }
}
