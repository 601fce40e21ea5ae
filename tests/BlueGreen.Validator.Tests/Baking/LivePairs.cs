using BlueGreen.Validator.Baking;

namespace BlueGreen.Validator.Tests.Baking;

/// <summary>Blue's scores are random; green's are what is made of them.</summary>
internal sealed class LivePairs(DateTimeOffset start) : IRouterPairs
{
    private readonly Random _random = new(1);
    private readonly List<LivePair> _all = [];

    public Func<DateTimeOffset> Now { get; set; } = () => start;

    public int PerSecond { get; set; } = 100;

    public Func<double, double> Green { get; set; } = blue => blue;

    public Task<PairReading> ReadAsync(string endpoint, Guid blue, DateTimeOffset since, CancellationToken cancellationToken)
    {
        while (_all.Count < (Now() - start).TotalSeconds * PerSecond)
        {
            var score = _random.NextDouble();
            _all.Add(new(Now(), Green(score), score, BlueAnswered: true));
        }

        return Task.FromResult(new PairReading([.. _all], []));
    }
}
