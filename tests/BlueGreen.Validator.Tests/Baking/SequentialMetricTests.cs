using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Configuration;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class SequentialMetricTests
{
    private const double Budget = 0.01;
    private readonly Counters _counters = new();

    [Fact]
    public async Task Measure_UnderpoweredThenEnough_IsUndecidedThenPasses()
    {
        var metric = Metric(new() { Name = "conversion", Low = 0.02 });
        _counters.Green = (6, 200);
        Assert.Equal(Verdict.Inconclusive, (await MeasureAsync(metric)).Verdict);
        _counters.Green = (600, 20_000);
        var result = await MeasureAsync(metric);
        Assert.Equal((Verdict.Passed, 0.03, 20_000), (result.Verdict, result.Value, result.Samples));
        Assert.InRange(result.IntervalLow!.Value, 0.02, 0.03);
        Assert.Null(metric.Failure);
    }

    [Fact]
    public async Task Measure_BeyondTheLimitForSure_Fails()
    {
        var metric = Metric(new() { Name = "conversion", Low = 0.02 });
        _counters.Green = (200, 20_000);
        Assert.Equal(Verdict.Failed, (await MeasureAsync(metric)).Verdict);
        Assert.StartsWith("conversion: 0.01 by counters (20000 observations), ", metric.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measure_AgainstBlue_JudgesTheDifferenceOfMeans()
    {
        var metric = Metric(new() { Name = "basket", Low = -5 }, new() { CountQuery = "count", Largest = 200, AgainstBlue = true });
        _counters.Blue = (40 * 50_000, 50_000);
        _counters.Green = (39 * 50_000, 50_000);
        var result = await MeasureAsync(metric);
        Assert.Equal((Verdict.Passed, -1.0), (result.Verdict, Math.Round(result.Value!.Value, 9)));
        _counters.Green = (30 * 70_000, 70_000);
        Assert.Equal(Verdict.Failed, (await MeasureAsync(metric)).Verdict);
    }

    [Fact]
    public async Task Measure_AgainstBlue_OnAFirstDeployment_IsNotApplicable()
    {
        var metric = Metric(new() { Name = "basket", Low = -5 }, new() { CountQuery = "count", AgainstBlue = true });
        var result = await MeasureAsync(metric, hasBlue: false);
        Assert.Equal(Verdict.NotApplicable, result.Verdict);
        Assert.False(metric.IsDue(default, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Measure_CounterStartsAgain_GoesOnFromWhereItWas()
    {
        var metric = Metric(new() { Name = "conversion", Low = 0.02 });
        _counters.Green = (300, 10_000);
        await MeasureAsync(metric);
        _counters.Green = (3, 100);
        var result = await MeasureAsync(metric);
        Assert.Equal((0.03, 10_100), (result.Value, result.Samples));
    }

    [Theory]
    [InlineData(0, 0, "green has no observation yet", false)]
    [InlineData(5, 4, "4 observations of at most 1 cannot add up to 5", true)]
    [InlineData(-1, 4, "neither can be below 0", true)]
    [InlineData(double.NaN, 4, "the value is NaN", false)]
    [InlineData(1, double.NaN, "the value is NaN", false)]
    public async Task Measure_NoSoundNumbers_IsNeverAPass(double sum, double count, string why, bool isError)
    {
        var metric = Metric(new() { Name = "conversion", High = 1 });
        _counters.Green = (sum, count);
        for (var i = 0; i < 5; i++)
        {
            var result = await MeasureAsync(metric);
            Assert.Equal(Verdict.Inconclusive, result.Verdict);
            Assert.Contains(why, result.Summary, StringComparison.Ordinal);
        }

        Assert.Equal(isError, metric.GivenUp is not null);
    }

    /// <summary>Green at its limit, and looked at after every single observation: the worst that looking can do.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Measure_GreenAtTheLimit_LookedAtAllTheTime_FailsLessThanOncePerHundredBakes(bool againstBlue)
    {
        const int bakes = 200;
        var failed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, bakes), TestContext.Current.CancellationToken, async (seed, _) =>
        {
            var (random, counters) = (new Random(seed), new Counters());
            var metric = Metric(
                againstBlue ? new() { Name = "m", Low = 0 } : new() { Name = "m", Low = 0.1 }, new() { CountQuery = "count", AgainstBlue = againstBlue });
            for (var i = 0; i < 1500 && metric.Failure is null; i++)
            {
                counters.Green = (counters.Green.Sum + (random.NextDouble() < 0.1 ? 1 : 0), counters.Green.Count + 1);
                counters.Blue = (counters.Blue.Sum + (random.NextDouble() < 0.1 ? 1 : 0), counters.Blue.Count + 1);
                await MeasureAsync(metric, counters: counters);
            }

            if (metric.Failure is not null) Interlocked.Increment(ref failed);
        });
        Assert.InRange(failed, 0, bakes / 100);
    }

    private static SequentialMetric Metric(BakeMetric metric, SequentialTest? test = null) => new(
        metric with
        {
            Source = new() { Kind = "counters", Address = new("http://counters/"), Query = "sum" },
            Sequential = test ?? new() { CountQuery = "count" },
        }, TimeSpan.FromSeconds(1), Budget);

    private async Task<GateResult> MeasureAsync(SequentialMetric metric, bool hasBlue = true, Counters? counters = null)
    {
        var (green, blue) = (Fleet("green"), Fleet("blue"));
        var command = new BeginBaking
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            Green = green,
            Blue = hasBlue ? blue : null,
            SwitchedAt = default,
            Bake = Traffic.Policy(),
        };
        var sources = new MetricSources([counters ?? _counters], new ConfigurationBuilder().Build());
        await metric.MeasureAsync(sources, command, default, TestContext.Current.CancellationToken);
        return metric.Result;
    }

    private static Fleet Fleet(string version) =>
        new() { EnvironmentId = Guid.NewGuid(), Model = "fraud", Version = version, Protocol = "open-inference-v2", Replicas = [] };

    private sealed class Counters : IMetricSource
    {
        public string Kind => "counters";

        public (double Sum, double Count) Green { get; set; }

        public (double Sum, double Count) Blue { get; set; }

        public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<MetricSample> ReadAsync(MetricSource source, MetricSubject subject, string? secret, CancellationToken cancellationToken)
        {
            var (sum, count) = subject.Version == "green" ? Green : Blue;
            return Task.FromResult(MetricSample.Of(source.Query == "count" ? count : sum));
        }
    }
}
