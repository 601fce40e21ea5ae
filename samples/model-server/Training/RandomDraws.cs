namespace BlueGreen.ModelServer.Training;

/// <summary>The distributions that the generator draws from. A seeded <see cref="Random"/> is the same on every platform.</summary>
internal sealed class RandomDraws(int seed)
{
    private readonly Random _random = new(seed);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public double Uniform(double min, double max) => min + (max - min) * _random.NextDouble();

    /// <summary>Box-Muller.</summary>
    public double Normal(double mean, double deviation) =>
        mean + deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <param name="median">The median, not the mean.</param>
    /// <param name="deviation">Standard deviation of the logarithm.</param>
    public double LogNormal(double median, double deviation) => median * Math.Exp(Normal(0, deviation));

    /// <summary>Knuth's product of uniforms; the means here are small.</summary>
    public int Poisson(double mean)
    {
        var (count, product) = (0, _random.NextDouble());
        for (var limit = Math.Exp(-mean); product > limit; count++) product *= _random.NextDouble();
        return count;
    }

    public void Shuffle<T>(T[] items) => _random.Shuffle(items);
}
