using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

/// <summary>Everything that one seed gives: five releases, the payloads they are judged by and the traffic they meet.</summary>
internal sealed record ReleaseSet(
    IReadOnlyList<(ReleaseRecipe Recipe, ModelArtifact Artifact)> Releases, Transaction[] Golden, Transaction[] Live)
{
    public static ReleaseSet Train(int seed, TrainingScale scale)
    {
        // One stream each: the golden payloads do not change when more history is made.
        var seeds = new Random(seed);
        var history = new CardTransactions(seeds.Next()).Take(scale.TrainingRows);
        var golden = new CardTransactions(seeds.Next()).Take(scale.GoldenRows);
        var live = new CardTransactions(seeds.Next()).TakeLive(scale.LiveRows, Thresholds.SliceShare);
        var trainer = new ReleaseTrainer(seed, history, scale.ReferenceRows);
        var releases = ReleaseRecipe.All.AsParallel().AsOrdered().Select(recipe => (recipe, trainer.Train(recipe)));
        return new ReleaseSet([.. releases], golden, live);
    }
}
