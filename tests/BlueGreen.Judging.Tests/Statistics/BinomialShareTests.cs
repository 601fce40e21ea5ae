using BlueGreen.Judging.Statistics;
using CsCheck;

namespace BlueGreen.Judging.Tests.Statistics;

public sealed class BinomialShareTests
{
    /// <summary>Clopper–Pearson 95 % limits: 0 of 10 and 10 of 10 in closed form, 4 of 20 from published tables.</summary>
    [Theory]
    [InlineData(0, 10, 0.0, 0.30849710781876)]
    [InlineData(10, 10, 0.69150289218124, 1.0)]
    [InlineData(4, 20, 0.05733, 0.43661)]
    public void Bounds_PublishedCases_Match(long events, long trials, double low, double high)
    {
        var share = new BinomialShare(events, trials);
        Assert.Equal(low, share.LowerBound(0.025), 4);
        Assert.Equal(high, share.UpperBound(0.025), 4);
    }

    [Fact]
    public void AtLeast_SmallCase_IsTheBinomialSum()
    {
        var expected = 0.0;
        for (var k = 3; k <= 8; k++) expected += Choose(8, k) * Math.Pow(0.2, k) * Math.Pow(0.8, 8 - k);
        Assert.Equal(expected, new BinomialShare(3, 8).AtLeast(0.2), 12);
        Assert.Equal(1, new BinomialShare(3, 8).AtLeast(0.2) + new BinomialShare(2, 8).AtMost(0.2), 12);
    }

    [Fact]
    public void AtLeast_BelowATail_ExactlyWhenTheBoundIsBeyondTheShare() =>
        Gen.Select(Gen.Long[1, 400], Gen.Double[0.001, 0.9], Gen.Double[0.001, 0.5]).Sample((trials, limit, tail) =>
        {
            for (long events = 0; events <= trials; events += 7)
            {
                var share = new BinomialShare(events, trials);
                if (Math.Abs(share.AtLeast(limit) - tail) < 1e-7) continue;
                Assert.Equal(share.AtLeast(limit) < tail, share.LowerBound(tail) > limit);
            }
        });

    [Theory]
    [InlineData(3_000, 300_000, 0.01, 0.4, 0.6)]
    [InlineData(3_500, 300_000, 0.01, 0.0, 1e-15)]
    [InlineData(1, 300_000, 0.01, 1.0, 1.0)]
    public void AtLeast_HoursOfTraffic_StaysPrecise(long events, long trials, double limit, double from, double to) =>
        Assert.InRange(new BinomialShare(events, trials).AtLeast(limit), from - 1e-12, to + 1e-12);

    [Fact]
    public void AtLeast_NothingTolerated_AnyEventIsTooMany()
    {
        Assert.Equal(0, new BinomialShare(1, 1000).AtLeast(0));
        Assert.Equal(1, new BinomialShare(0, 1000).AtLeast(0));
        Assert.Equal(1, new BinomialShare(0, 0).AtLeast(0.01));
    }

    private static double Choose(int n, int k) => k == 0 ? 1 : Choose(n - 1, k - 1) * n / k;
}
