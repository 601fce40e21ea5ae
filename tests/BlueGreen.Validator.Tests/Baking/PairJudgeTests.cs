using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class PairJudgeTests
{
    private const int Looks = 120;
    private const int PairsPerLook = 30;
    private const double Budget = 0.01;

    /// <summary>Moves a normal score so that the two distributions are D = 0.15 apart, the default margin: P(|Z| ≤ shift/2).</summary>
    private static readonly double AtTheMargin = 2 * Normal.InvCDF(0, 1, 0.575);
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public static BakeComparison Ks(PairedGate? paired = null) => new()
    {
        Distributions = [new() { Statistic = "ks", Margin = 0.15, Confidence = 0.95, MinSamples = 200, MaxSamples = 4000 }],
        Paired = paired,
    };

    [Theory]
    [InlineData("ks", 0.15)]
    [InlineData("psi", 0.2)]
    [InlineData("kl", 0.1)]
    [InlineData("jensen-shannon", 0.15)]
    [InlineData("wasserstein", 0.3)]
    [InlineData("chi-square", 0.2)]
    [InlineData("mann-whitney", 0.1)]
    public void Look_EveryStatistic_PassesWhatIsAlikeAndFailsWhatIsFarApart(string statistic, double margin)
    {
        var comparison = new BakeComparison
        {
            Distributions = [new() { Statistic = statistic, Margin = margin, Confidence = 0.95, MinSamples = 200, MaxSamples = 4000 }],
        };
        var alike = Watched(comparison, new Random(1), blue => blue + 0.05);
        Assert.Equal(($"live-distribution-{statistic}", Verdict.Passed), (alike.Results.Single().Gate, alike.Results.Single().Verdict));
        var apart = Watched(comparison, new Random(2), blue => blue + 1.5);
        Assert.Equal(Verdict.Failed, apart.Results.Single().Verdict);
        Assert.Contains("the same live inputs", apart.Failure, StringComparison.Ordinal);
    }

    /// <summary>Green exactly at the margin, the worst that is still harmless: its noise its own, or shared with blue as between retrains.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.8)]
    public void Looks_GreenAtTheMargin_IsRolledBackLessThanOncePerHundredBakesOf120Looks(double shared)
    {
        const int bakes = 200;
        var rolledBack = Enumerable.Range(0, bakes).AsParallel().Count(seed =>
        {
            var random = new Random(seed);
            return Watched(Ks(), random, blue => AtTheMargin + (shared * blue) + (Math.Sqrt(1 - (shared * shared)) * Normal.Sample(random, 0, 1)))
                .Failure is not null;
        });
        Assert.InRange(rolledBack, 0, bakes / 100);
    }

    [Fact]
    public void Looks_ShareOfDifferencesAtItsLimit_IsRolledBackLessThanOncePerHundredBakes()
    {
        const int bakes = 200;
        var comparison = new BakeComparison { Paired = new() { MaxDisagreement = 0.05, Tolerance = 0.1, Requests = 5000 } };
        var rolledBack = Enumerable.Range(0, bakes).AsParallel().Count(seed =>
        {
            var random = new Random(seed);
            return Watched(comparison, random, blue => random.NextDouble() < 0.05 ? blue + 1 : blue).Failure is not null;
        });
        Assert.InRange(rolledBack, 0, bakes / 100);
        var worse = new Random(7);
        Assert.StartsWith(
            "live-paired: ", Watched(comparison, worse, blue => worse.NextDouble() < 0.15 ? blue + 1 : blue).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_GreenTurnsLate_IsFound()
    {
        var answered = 0;
        var judge = Watched(Ks(), new Random(3), blue => ++answered > Looks * PairsPerLook / 2 ? blue + 1.5 : blue);
        Assert.NotNull(judge.Failure);
    }

    [Fact]
    public void Look_BlueDoesNotAnswer_SaysNothingAboutGreen()
    {
        var judge = new PairJudge(Ks(new() { MaxDisagreement = 0.05, Tolerance = 0.1, Requests = 1000 }), Looks * Interval, Budget);
        var pairs = Enumerable.Range(0, 1000).Select(i => new LivePair(Start, i, i % 5 == 0 ? null : i, i % 5 != 0)).ToArray();
        judge.Look(new(pairs, []), Start, BakeStage.Last);
        Assert.All(judge.Results, result => Assert.Equal((Verdict.Inconclusive, "blue owes 200 of 1000 scores: nothing to hold green against"), (result.Verdict, result.Summary)));
    }

    [Fact]
    public void Look_GreenOwesWhatBlueGives_Differs()
    {
        var judge = new PairJudge(Ks(new() { MaxDisagreement = 0.05, Tolerance = 0.1, Requests = 1000 }), Looks * Interval, Budget);
        var pairs = Enumerable.Range(0, 1000).Select(i => new LivePair(Start, i % 5 == 0 ? null : i, i, true)).ToArray();
        judge.Look(new(pairs, []), Start, BakeStage.Last);
        Assert.Equal([Verdict.Inconclusive, Verdict.Failed], judge.Results.Select(result => result.Verdict));
    }

    [Fact]
    public void Look_ARouterIsMissing_NeverPasses()
    {
        var judge = new PairJudge(Ks(), Looks * Interval, Budget);
        var pairs = Enumerable.Range(0, 1000).Select(i => new LivePair(Start, i, i, true)).ToArray();
        judge.Look(new(pairs, ["b"]), Start, BakeStage.Last);
        Assert.Equal(Verdict.Inconclusive, judge.Results.Single().Verdict);
        judge.Look(new(pairs, []), Start, BakeStage.Last);
        Assert.Equal(Verdict.Passed, judge.Results.Single().Verdict);
    }

    [Fact]
    public void FirstDeployment_HasNothingToCompareWith()
    {
        var judge = new PairJudge(Ks(), Looks * Interval, Budget);
        judge.NotApplicable();
        Assert.Equal(Verdict.NotApplicable, judge.Results.Single().Verdict);
        Assert.Null(judge.Failure);
    }

    private static PairJudge Watched(BakeComparison comparison, Random random, Func<double, double> green)
    {
        var judge = new PairJudge(comparison, Looks * Interval, Budget);
        var pairs = new List<LivePair>();
        for (var look = 1; look <= Looks && judge.Failure is null; look++)
        {
            for (var i = 0; i < PairsPerLook; i++)
            {
                var blue = Normal.Sample(random, 0, 1);
                pairs.Add(new(Start + (look * Interval), green(blue), blue, true));
            }

            judge.Look(new([.. pairs], []), Start + (look * Interval), look == Looks ? BakeStage.Last : BakeStage.Watching);
        }

        return judge;
    }
}
