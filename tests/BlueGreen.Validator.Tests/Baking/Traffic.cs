using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;

namespace BlueGreen.Validator.Tests.Baking;

/// <summary>Windows as routers keep them, second by second, made up.</summary>
internal sealed class Traffic(DateTimeOffset start) : IRouterWindows
{
    public static readonly double[] Bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, double.PositiveInfinity];

    private readonly List<WindowSum> _seconds = [];

    /// <summary>Routers that do not answer.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];

    public int Reads { get; private set; }

    /// <summary>Whose copies of requests fare just as green's requests do; null: nobody gets any.</summary>
    public Guid? Blue { get; set; }

    /// <summary>Adds seconds that are alike.</summary>
    public Traffic Then(int seconds, int requests, int errors = 0, int nulls = 0, int bucket = 3)
    {
        for (var i = 0; i < seconds; i++) _seconds.Add(Second(requests, errors, nulls, bucket));
        return this;
    }

    public Traffic Then(WindowSum second)
    {
        _seconds.Add(second);
        return this;
    }

    public static WindowSum Second(int requests, int errors, int nulls, int bucket)
    {
        var counts = new long[Bounds.Length];
        counts[bucket] = requests;
        return new(requests, errors, nulls, new(Bounds, counts));
    }

    public WindowSum Sum(int from, int to) => _seconds.Skip(from).Take(to - Math.Max(0, from)).Aggregate(WindowSum.Empty, (sum, second) => new(
        sum.Requests + second.Requests, sum.Errors + second.Errors, sum.NullPredictions + second.NullPredictions,
        sum.Latency.Plus(second.Latency)!));

    public Task<RouterReading> ReadAsync(
        string endpoint, Guid environmentId, DateTimeOffset from, DateTimeOffset to, bool copies, CancellationToken cancellationToken)
    {
        Reads++;
        if (copies && environmentId != Blue) return Task.FromResult(new RouterReading(WindowSum.Empty, Missing));
        return Task.FromResult(new RouterReading(
            Sum((int)Math.Max(0, (from - start).TotalSeconds), (int)(to - start).TotalSeconds), Missing));
    }

    public static BakeMetric ErrorRate(double high = 0.01, int failureLimit = 1) =>
        new() { Name = "error-rate", High = high, FailureLimit = failureLimit };

    public static BakePolicy Policy(params BakeMetric[] metrics) => new()
    {
        Duration = TimeSpan.FromSeconds(15),
        MaxDuration = TimeSpan.FromSeconds(30),
        Interval = TimeSpan.FromMilliseconds(500),
        Retention = TimeSpan.FromSeconds(30),
        OnInconclusive = "hold",
        Metrics = metrics,
    };
}
