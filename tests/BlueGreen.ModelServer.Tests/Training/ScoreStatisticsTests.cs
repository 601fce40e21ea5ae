namespace BlueGreen.ModelServer.Training;

public sealed class ScoreStatisticsTests
{
    [Fact]
    public void Distance_OfASampleFromItself_IsZero() => Assert.Equal(0, ScoreStatistics.Distance([1, 2, 2, 3], [3, 2, 1, 2]));

    [Fact]
    public void Distance_OfSeparateSamples_IsOne() => Assert.Equal(1, ScoreStatistics.Distance([1, 2], [3, 4, 5]));

    // By hand: after 2, three quarters of the first sample and one quarter of the second have been seen.
    [Fact]
    public void Distance_OfOverlappingSamples_IsTheLargestGap() =>
        Assert.Equal(0.5, ScoreStatistics.Distance([1, 1, 2, 4], [2, 3, 3, 4]));
}
