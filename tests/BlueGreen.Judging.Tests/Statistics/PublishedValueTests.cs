using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Tests.Statistics;

/// <summary>Values that documentation and other libraries' tests publish.</summary>
public sealed class PublishedValueTests
{
    private static readonly double[] Die = [16, 18, 16, 14, 12, 12];

    [Fact]
    public void Psi_OfThreeBins() => Near(0.04456085471610198, Divergence.Psi([0.4, 0.3, 0.3], [0.35, 0.25, 0.4], 1e-4));

    [Fact]
    public void KullbackLeibler_InNatsAndBits()
    {
        Near(0.022756452363640822, Divergence.KullbackLeibler([0.4, 0.3, 0.3], [0.35, 0.25, 0.4], 1e-4));
        Near(0.7369655941662062, Divergence.KullbackLeibler([0.9, 0.1], [0.5, 0.5], 1e-4, 2));
        Near(0.5108256237659907, Divergence.KullbackLeibler([0.9, 0.1], [0.5, 0.5], 1e-4));
    }

    [Fact]
    public void JensenShannon_IsADistance()
    {
        Near(1, Divergence.JensenShannon([1, 0, 0], [0, 1, 0], 2));
        Near(0.46450140402245893, Divergence.JensenShannon([1, 0], [0.5, 0.5]));
        Near(0, Divergence.JensenShannon([1, 0, 0], [1, 0, 0]));
    }

    [Fact]
    public void Wasserstein_PlainAndWeighted()
    {
        Near(5, Wasserstein.Distance(SortedSample.Of([0, 1, 3]), SortedSample.Of([5, 6, 8])));
        Near(0.25, Wasserstein.Distance([0, 1], [3, 1], [0, 1], [2, 2]));
        Near(4.078133143804786, Wasserstein.Distance([3.4, 3.9, 7.5, 7.8], [1.4, 0.9, 3.1, 7.2], [4.5, 1.4], [3.2, 3.5]));
    }

    [Fact]
    public void ChiSquare_OfFitAndOfTable()
    {
        var even = ChiSquare.OfFit(Die, []);
        Near(2, even.Statistic);
        Near(0.8491450360846096, even.PValue());
        var expected = ChiSquare.OfFit(Die, [16, 16, 16, 16, 16, 8]);
        Near(3.5, expected.Statistic);
        Near(0.6233876277495822, expected.PValue());
        var table = Divergence.ChiSquare([10, 10, 20], [20, 20, 20]);
        Assert.Equal(2, table.Freedom);
        Near(2.7777777777777777, table.Statistic);
        Near(0.2493522087772962, table.PValue());
    }

    [Fact]
    public void MannWhitney_ExactWithoutTies()
    {
        var result = MannWhitney.Compare(SortedSample.Of([19, 22, 16, 29, 24]), SortedSample.Of([20, 11, 17, 12]));
        Assert.Equal(17, result.U);
        Near(0.1111111111111111, result.PValue());
        Near(17.0 / 20, result.Superiority);
    }

    [Theory]
    [InlineData(30, 0.9578462903438839)]
    [InlineData(50, 0.8692618870414057)]
    [InlineData(100, 0.5830090612540062)]
    [InlineData(200, 0.22054121758042103)]
    [InlineData(400, 0.02985302150862578)]
    [InlineData(500, 0.010968966298223144)]
    [InlineData(1000, 7.335921717149845e-05)]
    public void KolmogorovSmirnov_ADistanceOfMoreThanATenthByLuck(int size, double probability)
    {
        // The next possible distance above 0.1: y is x moved down by that many places.
        var places = (size / 10) + 1;
        double[] x = [.. Enumerable.Range(0, size).Select(i => (double)i)];
        var ks = KolmogorovSmirnov.Compare(SortedSample.Of(x), SortedSample.Of([.. x.Select(value => value - places + 0.5)]));
        Near((double)places / size, ks.D);
        Near(probability, ks.PValue());
    }

    [Fact]
    public void Labelled_FiguresOfASmallSet()
    {
        double[] scores = [0.95, 0.85, 0.6, 0.4, 0.35, 0.05];
        bool[] labels = [true, true, false, true, false, false];
        Near(4 / 6.0, Labelled.Accuracy(scores, labels));
        Near((0.05 + 0.15 + 0.6 + 0.25 + 0.05) / 6, Labelled.CalibrationError(scores, labels));
        Near(2 / 3.0, Labelled.RecallAt(scores, labels, 0).Recall);
        Near(1, Labelled.RecallAt(scores, labels, 0.34).Recall);
    }

    private static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Max(1e-300, Math.Abs(expected)) + 1e-15, $"expected {expected:R}, got {actual:R}");
}
