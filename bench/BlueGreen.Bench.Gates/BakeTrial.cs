using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;

namespace BlueGreen.Bench.Gates;

/// <summary>
/// A bake of 120 looks of an hour, with an error rate and a 99th percentile of latency that are exactly at their limits: the worst that is
/// still clean.
/// </summary>
internal static class BakeTrial
{
    public const int Looks = 120;
    private const int RequestsPerLook = 200;
    private const double ErrorRate = 0.01;
    private const double Budget = 0.01;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly BakePolicy Policy = new()
    {
        Duration = Looks * Interval,
        MaxDuration = Looks * Interval,
        Interval = Interval,
        Retention = TimeSpan.Zero,
        OnInconclusive = "hold",
        Metrics = [new() { Name = "error-rate", High = ErrorRate }, new() { Name = "latency-p99", High = 80 }],
    };

    /// <returns>Whether the bake was failed.</returns>
    public static bool Fails(double errorRate, double slowRate, int seed)
    {
        var random = new Random(seed);
        var judge = new BakeJudge(Policy, Interval, Budget);
        long requests = 0, errors = 0, slow = 0;
        for (var look = 0; look < Looks && judge.Failure is null; look++)
        {
            long newErrors = Binomial(random, errorRate), newSlow = Binomial(random, slowRate);
            (requests, errors, slow) = (requests + RequestsPerLook, errors + newErrors, slow + newSlow);
            judge.Look(Reading(requests, errors, slow), Reading(RequestsPerLook, newErrors, newSlow));
        }

        return judge.Failure is not null;
    }

    private static RouterReading Reading(long requests, long errors, long slow) =>
        new(new(requests, errors, 0, new([80, double.PositiveInfinity], [requests - slow, slow])), []);

    private static int Binomial(Random random, double share) => MathNet.Numerics.Distributions.Binomial.Sample(random, share, RequestsPerLook);
}
