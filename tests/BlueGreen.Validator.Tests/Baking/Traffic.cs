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

    /// <summary>Who gets copies of requests; null: nobody.</summary>
    public Guid? Blue { get; set; }

    /// <summary>How a second of green's requests fares with blue; without it just as with green.</summary>
    public Func<WindowSum, WindowSum> Copied { get; set; } = second => second;

    /// <summary>What blue answered before the switch.</summary>
    public WindowSum Before { get; set; } = WindowSum.Empty;

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
        return new(requests, errors, nulls, new(Bounds, counts)) { Inspected = requests };
    }

    /// <summary>Copies of requests some of which failed, and of these how many failed again.</summary>
    public static WindowSum Copies(int requests, int liveErrors, int bothErrors, int bucket = 3) =>
        Second(requests, bothErrors, 0, bucket) with { Copies = new(requests, liveErrors, bothErrors, 0, 0) };

    public WindowSum Sum(int from, int to) => Sum(_seconds, from, to);

    private static WindowSum Sum(IEnumerable<WindowSum> seconds, int from, int to) =>
        seconds.Skip(from).Take(to - Math.Max(0, from)).Aggregate(WindowSum.Empty, (sum, second) => sum.Plus(second)!);

    public Task<RouterReading> ReadAsync(
        string endpoint, Guid environmentId, DateTimeOffset from, DateTimeOffset to, bool copies, CancellationToken cancellationToken)
    {
        Reads++;
        if (environmentId == Blue && !copies) return Task.FromResult(new RouterReading(Before, Missing));
        if (copies && environmentId != Blue) return Task.FromResult(new RouterReading(WindowSum.Empty, Missing));
        var seconds = copies ? _seconds.Select(Copied) : _seconds;
        return Task.FromResult(new RouterReading(
            Sum(seconds, (int)Math.Max(0, (from - start).TotalSeconds), (int)(to - start).TotalSeconds), Missing));
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
