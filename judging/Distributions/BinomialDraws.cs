using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Distributions;

/// <summary>
/// Binomial random numbers in constant time. Source: W. Hörmann, "The generation of binomial random variates", Journal of Statistical
/// Computation and Simulation 46 (1993), transformed rejection (BTRS); for small means the inverse of the distribution function.
/// </summary>
internal static class BinomialDraws
{
    private const double SmallMean = 10;

    /// <summary>Deals the counts out again, by their shares: a multinomial draw as binomials one after the other.</summary>
    public static void Redistribute(Random random, ReadOnlySpan<double> counts, Span<double> drawn)
    {
        double weight = 0;
        foreach (var count in counts) weight += count;
        var left = (long)weight;
        for (var i = 0; i < counts.Length; i++)
        {
            var share = weight <= 0 ? 0 : Math.Min(1, counts[i] / weight);
            var taken = Next(random, left, share);
            drawn[i] = taken;
            left -= taken;
            weight -= counts[i];
        }
    }

    public static long Next(Random random, long trials, double share)
    {
        if (trials == 0 || share <= 0) return 0;
        if (share >= 1) return trials;
        if (share > 0.5) return trials - Next(random, trials, 1 - share);
        return trials * share < SmallMean ? Invert(random, trials, share) : Reject(random, trials, share);
    }

    private static long Invert(Random random, long trials, double share)
    {
        var odds = share / (1 - share);
        var probability = Math.Pow(1 - share, trials);
        var target = random.NextDouble();
        var events = 0L;
        for (; target > probability && events < trials; events++)
        {
            target -= probability;
            probability *= odds * (trials - events) / (events + 1);
        }

        return events;
    }

    private static long Reject(Random random, long trials, double share)
    {
        var deviation = Math.Sqrt(trials * share * (1 - share));
        var b = 1.15 + (2.53 * deviation);
        var a = -0.0873 + (0.0248 * b) + (0.01 * share);
        var center = (trials * share) + 0.5;
        var squeeze = 0.92 - (4.2 / b);
        var alpha = (2.83 + (5.1 / b)) * deviation;
        var mode = LogProbability(trials, (long)((trials + 1) * share), share);
        while (true)
        {
            double u = random.NextDouble() - 0.5, v = random.NextDouble(), rest = 0.5 - Math.Abs(u);
            var events = Math.Floor((((2 * a / rest) + b) * u) + center);
            if (rest >= 0.07 && v <= squeeze) return (long)events;
            if (events < 0 || events > trials || rest <= 0) continue;
            if (Math.Log(v * alpha / ((a / (rest * rest)) + b)) <= LogProbability(trials, (long)events, share) - mode) return (long)events;
        }
    }

    private static double LogProbability(long trials, long events, double share)
    {
        if (events == 0) return trials * Math.Log(1 - share);
        if (events == trials) return trials * Math.Log(share);
        var rest = trials - events;
        return Stirling.Error(trials) - Stirling.Error(events) - Stirling.Error(rest) - Stirling.Deviance(events, trials * share)
            - Stirling.Deviance(rest, trials * (1 - share)) + (0.5 * Math.Log(trials / (2 * Math.PI * events * rest)));
    }
}
