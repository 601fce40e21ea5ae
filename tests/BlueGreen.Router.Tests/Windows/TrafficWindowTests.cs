using BlueGreen.Router.Windows;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Router.Tests.Windows;

public sealed class TrafficWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Buckets_HoldWhatTheirBoundsSay() => Gen.Double[0.001, 200_000].Sample(milliseconds =>
    {
        var bounds = LatencyBuckets.BoundsMilliseconds;
        var latency = TimeSpan.FromMicroseconds(Math.Floor(milliseconds * 1000));

        var index = LatencyBuckets.IndexOf(latency);

        Assert.True(index == 0 || latency.TotalMilliseconds >= bounds[index - 1]);
        Assert.True(bounds[index] is null || latency.TotalMilliseconds < bounds[index]);
    });

    [Fact]
    public void Bounds_Grow_ByAtMostAnEighthAndEndOpen()
    {
        var bounds = LatencyBuckets.BoundsMilliseconds;
        Assert.Null(bounds[^1]);
        for (var i = 1; i < bounds.Count - 1; i++) Assert.InRange(bounds[i]!.Value / bounds[i - 1]!.Value, 1.0001, 1.1251);
    }

    [Fact]
    public void Quantile_LiesInTheBucketOfTheValueWithThatRank() => Gen.Double[0.001, 60_000].Array[1, 200].Sample(milliseconds =>
    {
        var counts = new long[LatencyBuckets.Count];
        foreach (var value in milliseconds) counts[LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(value))]++;
        var ascending = milliseconds.Order().ToArray();

        var median = LatencyBuckets.Quantile(counts, 0.5)!.Value;

        var exact = ascending[(int)Math.Ceiling(0.5 * ascending.Length) - 1];
        Assert.InRange(median, exact * 0.999, Math.Max(0.064, exact * 1.126));
        Assert.Null(LatencyBuckets.Quantile(new long[LatencyBuckets.Count], 0.5));
    });

    [Fact]
    public void Sum_OfASpan_IsTheSumOfWhatWasCountedInItsSeconds() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], Gen.Bool, Gen.Bool).Array[0, 60], Gen.Int[0, 100], Gen.Int[0, 100])
            .Sample((steps, a, b) =>
            {
                var clock = new FakeTimeProvider(Start);
                var window = new TrafficWindow(clock);
                var counted = new List<(int Second, bool IsError, bool IsNull)>();
                foreach (var (wait, latency, isError, isNull) in steps)
                {
                    clock.Advance(TimeSpan.FromSeconds(wait));
                    window.CountAnswer(TimeSpan.FromMilliseconds(latency), isError ? AnswerClass.ServerError : AnswerClass.Success);
                    if (isNull) window.CountInspected(isNull: true);
                    counted.Add(((int)(clock.GetUtcNow() - Start).TotalSeconds, isError, isNull));
                }

                var (from, to) = (Math.Min(a, b), Math.Max(a, b));
                var sum = window.Sum(Start.ToUnixTimeSeconds() + from, Start.ToUnixTimeSeconds() + to);

                var inside = counted.Where(answer => answer.Second >= from && answer.Second < to).ToArray();
                Assert.Equal(inside.Length, sum.Requests);
                Assert.Equal(inside.Count(answer => answer.IsError), sum.Errors);
                Assert.Equal(inside.Count(answer => answer.IsNull), sum.NullPredictions);
                Assert.Equal(inside.Length, sum.Latencies.Sum());
            });

    [Fact]
    public async Task Count_FromManyThreads_LosesNothing()
    {
        var window = new TrafficWindow(TimeProvider.System);
        var from = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) window.CountAnswer(TimeSpan.FromMilliseconds(1), i % 2 == 0 ? AnswerClass.Broken : AnswerClass.Cancelled);
        }, TestContext.Current.CancellationToken)));

        var sum = window.Sum(from, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        Assert.Equal((160_000, 80_000), (sum.Requests, sum.Errors));
    }

    [Fact]
    public void Scores_AreKept_TheFirstFewOfEachSecond()
    {
        var clock = new FakeTimeProvider(Start);
        var window = new TrafficWindow(clock);
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < 20; i++)
            {
                if (window.WantsScore) window.KeepScore(second + (i / 100d));
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var scores = window.Sum(Start.ToUnixTimeSeconds(), Start.ToUnixTimeSeconds() + 2).Scores;

        Assert.Equal(2 * TrafficWindow.ScoresPerSecond, scores.Count);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => i / 100f), scores.Take(16));
        Assert.All(scores.Skip(16), score => Assert.InRange(score, 1, 2));
    }

    [Fact]
    public void Old_Seconds_AreOverwritten()
    {
        var clock = new FakeTimeProvider(Start);
        var window = new TrafficWindow(clock);
        window.CountAnswer(TimeSpan.Zero, AnswerClass.Success);
        clock.Advance(TimeSpan.FromSeconds(1024));
        window.CountAnswer(TimeSpan.Zero, AnswerClass.Success);

        Assert.Equal(1, window.Sum(Start.ToUnixTimeSeconds(), Start.ToUnixTimeSeconds() + 1025).Requests);
    }
}
