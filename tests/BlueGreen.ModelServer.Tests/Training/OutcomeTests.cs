using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

public sealed class OutcomeTests
{
    /// <summary>None of them is the default seed, whose releases people look at.</summary>
    public static TheoryData<int> FiveOtherSeeds => [7001, 7002, 7003, 7004, 7005];

    [Theory]
    [MemberData(nameof(FiveOtherSeeds))]
    public void FiveOtherSeeds_GiveTheSameOutcomes(int seed)
    {
        var set = ReleaseSet.Train(seed, TrainingScale.Full);
        var baseline = Score(set.Releases[0].Artifact, set.Golden);
        foreach (var (recipe, artifact) in set.Releases)
        {
            var golden = Score(artifact, set.Golden);
            AssertOffline(recipe, ScoreStatistics.Distance(baseline, golden));
            if (recipe.AmountUnit == 1) AssertAccuracy(set.Golden, golden, artifact.Metadata.Threshold);
            Assert.Equal(0, ScoreStatistics.NullRate(golden));
            var nullRate = ScoreStatistics.NullRate(Score(WithFewDraws(artifact), set.Live));
            Assert.True(recipe.NullRate.Contains(nullRate), $"v{recipe.Version} answers {nullRate:P1} of live rows with null");
        }
    }

    [Fact]
    public void NewCategory_IsInTheLivePayloadsOnly()
    {
        var history = new CardTransactions(seed: 5).Take(5_000);
        var live = new CardTransactions(seed: 6).TakeLive(1_000, Thresholds.SliceShare);

        Assert.DoesNotContain(history, row => row.Category == CardFeatures.NewCategory);
        Assert.Equal(150, live.Count(row => row.Category == CardFeatures.NewCategory));
    }

    [Fact]
    public void LivePayloads_SpreadTheSliceEvenly()
    {
        var live = new CardTransactions(seed: 7).TakeLive(6_000, Thresholds.SliceShare);

        var perThousand = live.Chunk(1_000).Select(part => part.Count(row => row.Category == CardFeatures.NewCategory));

        Assert.All(perThousand, count => Assert.InRange(count, 100, 200));
    }

    [Fact]
    public void History_HasARealisticShareOfFraudsAndNoImpossibleValues()
    {
        var rows = new CardTransactions(seed: 8).Take(20_000);

        Assert.InRange(rows.Count(row => row.Label) / (double)rows.Length, 0.012, 0.018);
        Assert.All(rows, row => Assert.All(row.Numbers, number => Assert.True(float.IsFinite(number) && number >= 0)));
        Assert.All(rows, row => Assert.InRange(row.Numbers[1], 0, 23));
    }

    private static void AssertOffline(ReleaseRecipe recipe, double distance)
    {
        if (recipe.AmountUnit == 1)
            Assert.True(distance <= Thresholds.MaxGoodDistance, $"v{recipe.Version} is {distance:0.000} away from v1");
        else
            Assert.True(distance >= Thresholds.MinBrokenDistance, $"v{recipe.Version} is only {distance:0.000} away from v1");
    }

    private static void AssertAccuracy(Transaction[] rows, float[] scores, float threshold)
    {
        var frauds = scores.Where((_, i) => rows[i].Label).ToArray();
        var honest = scores.Where((_, i) => !rows[i].Label).ToArray();
        Assert.True(frauds.Count(score => score >= threshold) >= Thresholds.MinRecall * frauds.Length);
        Assert.True(honest.Count(score => score >= threshold) <= Thresholds.MaxFalsePositiveRate * honest.Length);
    }

    // Draws make rows slow, not null: one tells whether a row has support, at a fraction of the time.
    private static ModelArtifact WithFewDraws(ModelArtifact artifact) =>
        artifact.Metadata.UnseenCategory.Neighbours is not { } neighbours
            ? artifact
            : artifact with
            {
                Metadata = artifact.Metadata with { UnseenCategory = new(Neighbours: neighbours with { Draws = 1 }) },
            };

    private static float[] Score(ModelArtifact artifact, Transaction[] rows) =>
        new ServedModel(artifact).Score(TestRows.Batch(rows));
}
