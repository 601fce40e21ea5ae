namespace BlueGreen.Demo.Load;

/// <summary>Arrivals of many independent clients: exponential gaps (Poisson process), the same for the same seed.</summary>
/// <param name="rate">Mean arrivals per second.</param>
/// <param name="seed">Of the pseudo-random gaps.</param>
internal sealed class PoissonSchedule(double rate, int seed)
{
    private readonly Random _random = new(seed);
    private double _microseconds;

    /// <summary>Microseconds from the beginning to the next arrival.</summary>
    public long Next()
    {
        _microseconds -= Math.Log(1 - _random.NextDouble()) / rate * 1e6;
        return (long)_microseconds;
    }
}
