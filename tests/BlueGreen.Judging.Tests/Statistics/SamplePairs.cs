namespace BlueGreen.Judging.Tests.Statistics;

/// <summary>Pairs of samples, random ones and edge cases; always the same.</summary>
internal static class SamplePairs
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 8, 9, 20, 50, 137, 141, 500, 1000, 3001, 12_000];

    public static IEnumerable<(string Name, double[] X, double[] Y)> All() => [.. Edges(), .. Random()];

    private static IEnumerable<(string, double[], double[])> Edges()
    {
        yield return ("one each", [0], [1]);
        yield return ("one each, equal", [3], [3]);
        yield return ("constant", Constant(100, 5), Constant(80, 5));
        yield return ("two constants", Constant(100, 5), Constant(80, 6));
        yield return ("mostly zeros", [.. Constant(950, 0), .. Constant(50, 1)], Constant(1000, 1));
        yield return ("zeros and a tail", [.. Constant(400, 0), .. Draw(24, 600, Uniform)], [.. Constant(350, 0), .. Draw(25, 650, Uniform)]);
        yield return ("constant and spread", Constant(100, 0.5), Draw(1, 200, Uniform));
        yield return ("disjoint", Draw(2, 300, Uniform), [.. Draw(3, 200, Uniform).Select(x => x + 10)]);
        yield return ("disjoint and long", Draw(4, 11_000, Uniform), [.. Draw(5, 500, Uniform).Select(x => x + 10)]);
        yield return ("huge values", [.. Draw(6, 300, Normal).Select(x => x * 1e150)], [.. Draw(7, 200, Normal).Select(x => x * 1e150)]);
        yield return ("tiny values", [.. Draw(8, 300, Normal).Select(x => x * 1e-300)], [.. Draw(9, 200, Normal).Select(x => x * 1e-300)]);
        yield return ("identical", Draw(10, 777, Normal), Draw(10, 777, Normal));
        yield return ("identical and long", Draw(11, 20_000, Normal), Draw(11, 20_000, Normal));
        yield return ("signed zeros", [-0.0, 0.0, 1, 2, -1], [0.0, -0.0, 0.5, 3]);
        yield return ("few against many", [0.1, 0.5, 0.5], Draw(13, 50_000, Normal));
        yield return ("neighbouring sizes", Draw(14, 9_999, Normal), Draw(15, 10_000, Normal));
        yield return ("largest exact", Draw(16, 10_000, Normal), Draw(17, 10_000, Normal));
        yield return ("a million", Draw(18, 1_000_000, Normal), [.. Draw(19, 1_000_000, Normal).Select(x => x + 0.004)]);
        yield return ("a million rounded", [.. Draw(20, 1_000_000, Normal).Select(x => Math.Round(x, 2))], Draw(21, 999_999, Normal));
        yield return ("over a million", Draw(22, 2_500_000, Uniform), [.. Draw(23, 2_400_000, Uniform).Select(x => Math.Pow(x, 1.004))]);
    }

    private static IEnumerable<(string, double[], double[])> Random()
    {
        Func<Random, double>[] shapes = [Uniform, Normal, random => Math.Round(Normal(random), 1), random => random.Next(4), random => Math.Exp(3 * Normal(random))];
        for (var seed = 100; seed < 300; seed++)
        {
            var random = new Random(seed);
            var shape = shapes[seed % shapes.Length];
            var shift = (seed % 3) switch { 0 => 0, 1 => 0.1, _ => 0.7 };
            int n = Sizes[random.Next(Sizes.Length)], m = seed % 4 == 0 ? n : Sizes[random.Next(Sizes.Length)];
            // scipy's exact Mann–Whitney takes minutes and gigabytes for a handful against thousands.
            if (Math.Min(n, m) <= 8) (n, m) = (Math.Min(n, 141), Math.Min(m, 141));
            yield return ($"seed {seed}: {n} and {m}", Draw(seed, n, shape), [.. Draw(seed + 1000, m, shape).Select(x => x + shift)]);
        }
    }

    private static double[] Constant(int count, double value) => [.. Enumerable.Repeat(value, count)];

    private static double[] Draw(int seed, int count, Func<Random, double> draw)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = draw(random);
        return values;
    }

    private static double Uniform(Random random) => random.NextDouble();

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
