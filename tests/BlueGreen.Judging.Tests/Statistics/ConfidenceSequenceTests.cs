using BlueGreen.Judging.Statistics;
using CsCheck;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Judging.Tests.Statistics;

public sealed class ConfidenceSequenceTests
{
    /// <summary>
    /// Looked at after every observation, it ever misses the true mean in at most alpha of all runs: of zeros and ones, and of values between.
    /// </summary>
    [Theory]
    [InlineData(0.5, 0.05, false)]
    [InlineData(0.01, 0.05, false)]
    [InlineData(0.3, 0.01, false)]
    [InlineData(0.3, 0.05, true)]
    public void Interval_LookedAtAllTheTime_EverMissesTheMeanAsRarelyAsItSays(double mean, double alpha, bool between)
    {
        const int runs = 1000;
        var missed = Enumerable.Range(0, runs).AsParallel().Count(seed =>
        {
            var random = new Random(seed);
            var (sum, limit) = (0.0, -Math.Log(alpha));
            for (var count = 1; count <= 3000; count++)
            {
                sum += between ? Beta.Sample(random, 4 * mean, 4 * (1 - mean)) : random.NextDouble() < mean ? 1 : 0;
                if (new ConfidenceSequence(sum, count).LogEvidence(mean) >= limit) return true;
            }

            return false;
        });
        // Three standard deviations of luck on top of what is allowed.
        Assert.InRange(missed, 0, runs * (alpha + (3 * Math.Sqrt(alpha * (1 - alpha) / runs))));
    }

    [Fact]
    public void Bounds_AreWhereTheEvidenceReachesItsLimit() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Double[0, 1], Gen.Double[0.0001, 0.2]).Sample((count, share, alpha) =>
        {
            var sequence = new ConfidenceSequence(Math.Round(count * share), count);
            var (low, high) = (sequence.LowerBound(alpha), sequence.UpperBound(alpha));
            Assert.InRange(sequence.Mean, low, high);
            if (low > 0) Assert.Equal(-Math.Log(alpha), sequence.LogEvidence(low), 1e-3);
            if (high < 1) Assert.Equal(-Math.Log(alpha), sequence.LogEvidence(high), 1e-3);
            Assert.True(sequence.LowerBound(alpha / 2) <= low && sequence.UpperBound(alpha / 2) >= high);
        }, iter: 2000);

    [Fact]
    public void Interval_Narrows_AndFindsADifference()
    {
        Assert.InRange(new ConfidenceSequence(300, 10_000).LowerBound(0.01), 0.02, 0.025);
        Assert.InRange(new ConfidenceSequence(30_000, 1_000_000).LowerBound(0.01), 0.029, 0.03);
        Assert.Equal((0.0, 1.0), (new ConfidenceSequence(0, 0).LowerBound(0.01), new ConfidenceSequence(0, 0).UpperBound(0.01)));
    }
}
