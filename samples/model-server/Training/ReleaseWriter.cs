using System.Security.Cryptography;
using System.Text.Json;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

/// <summary>Writes a set of releases, its payloads and, last of all, the catalogue that names them.</summary>
internal sealed class ReleaseWriter(string directory)
{
    public ReleaseCatalogue Write(int seed, ReleaseSet set)
    {
        var models = set.Releases.Select(release => WriteModel(release.Recipe, release.Artifact)).ToArray();
        PayloadWriter.Write(Path.Combine(directory, "golden.jsonl"), "golden", set.Golden, labelled: true);
        PayloadWriter.Write(Path.Combine(directory, "live.jsonl"), "live", set.Live, labelled: false);
        var catalogue = new ReleaseCatalogue(
            seed,
            models,
            new GoldenFile("golden.jsonl", set.Golden.Length, set.Golden.Count(row => row.Label)),
            new LiveFile("live.jsonl", set.Live.Length, SliceOf(set.Live)));
        using var file = File.Create(Path.Combine(directory, "models.json"));
        JsonSerializer.Serialize(file, catalogue, CatalogueJson.Default.ReleaseCatalogue);
        return catalogue;
    }

    private ReleaseFile WriteModel(ReleaseRecipe recipe, ModelArtifact artifact)
    {
        var name = $"{artifact.Metadata.Name}-v{artifact.Metadata.Version}.zip";
        using var buffer = new MemoryStream();
        artifact.Write(buffer);
        var content = buffer.ToArray();
        File.WriteAllBytes(Path.Combine(directory, name), content);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        return new ReleaseFile(
            artifact.Metadata.Name, artifact.Metadata.Version, name, digest, recipe.NullRate, recipe.Summary);
    }

    private static LiveSlice SliceOf(Transaction[] live) => new(
        CardFeatures.CategoryName,
        CardFeatures.NewCategory,
        live.Count(row => row.Category == CardFeatures.NewCategory) / (double)live.Length);
}
