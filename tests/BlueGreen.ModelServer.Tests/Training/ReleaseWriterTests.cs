using System.Security.Cryptography;
using System.Text.Json;
using BlueGreen.ModelServer.Models;

[assembly: AssemblyFixture(typeof(BlueGreen.ModelServer.Training.TrainedReleases))]

namespace BlueGreen.ModelServer.Training;

public sealed class ReleaseWriterTests(TrainedReleases releases)
{
    [Fact]
    public void SameSeed_GivesTheSameBytes()
    {
        using var again = new TrainedReleases();

        foreach (var file in Directory.EnumerateFiles(releases.Directory))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(again.Directory, Path.GetFileName(file))));
    }

    [Fact]
    public void Catalogue_NamesEveryArtifactWithItsDigest()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(releases.Directory, "models.json")));

        var models = json.RootElement.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["1", "2", "3", "4", "5"], models.Select(model => model.GetProperty("version").GetString()));
        foreach (var model in models)
        {
            var content = File.ReadAllBytes(Path.Combine(releases.Directory, model.GetProperty("file").GetString()!));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), model.GetProperty("sha256").GetString());
        }
    }

    [Fact]
    public void Catalogue_StatesSliceAndNullRates()
    {
        Assert.Equal(0.15, releases.Catalogue.Live.Slice.Share, 6);
        Assert.Equal([0.0, 0.0, 0.0, 0.10, 0.04], releases.Catalogue.Models.Select(model => model.NullRate.Min));
        Assert.Equal([0.0, 0.0, 0.0, 0.15, 0.06], releases.Catalogue.Models.Select(model => model.NullRate.Max));
    }

    [Fact]
    public void GoldenPayloads_AreLabelledAndLiveOnesAreNot()
    {
        Assert.All(releases.Payloads("golden.jsonl"), line => Assert.Contains("\"parameters\":{\"label\":", line, StringComparison.Ordinal));
        Assert.All(releases.Payloads("live.jsonl"), line => Assert.DoesNotContain("label", line, StringComparison.Ordinal));
        Assert.All(
            releases.Payloads("golden.jsonl"),
            line => Assert.DoesNotContain(CardFeatures.NewCategory, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a zip file")]
    public void Artifact_NotAZip_IsInvalidData(string content) =>
        Assert.Throws<InvalidDataException>(() => ModelArtifact.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content))));

    [Fact]
    public void Artifact_WrittenAndRead_GivesTheSameScores()
    {
        var artifact = releases.Set.Releases[4].Artifact;
        using var stream = new MemoryStream();
        artifact.Write(stream);
        stream.Position = 0;
        var rows = TestRows.Batch([.. releases.Set.Live.Take(40)]);

        Assert.Equal(new ServedModel(artifact).Score(rows), new ServedModel(ModelArtifact.Read(stream)).Score(rows));
    }
}
