using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Demo.Hosting;

/// <summary>What the trainer wrote: the models to promote and the traffic they meet.</summary>
internal sealed record ModelReleases(string Folder, IReadOnlyList<ModelRelease> Models, IReadOnlyList<byte[]> LivePayloads)
{
    /// <param name="installation">Where the trainer is.</param>
    /// <param name="folder">Where it writes.</param>
    /// <param name="seed">Null: its own.</param>
    /// <param name="time">For its end.</param>
    /// <param name="ct">Ends it early.</param>
    /// <exception cref="DemoException">Training failed; the message holds the trainer's last words.</exception>
    public static async Task<ModelReleases> TrainAsync(
        Installation installation, RunFolder folder, int? seed, TimeProvider time, CancellationToken ct)
    {
        var start = new ProcessStartInfo(installation.DotNet) { ArgumentList = { "exec", installation.ModelServer, "train", "--out", folder.Models } };
        if (seed is { } number)
        {
            start.ArgumentList.Add("--seed");
            start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        start.Environment[Leftovers.Variable] = folder.RunId;
        await using var trainer = ChildProcess.Start(start, Path.Combine(folder.Root, "training.log"), time);
        if (await trainer.WaitAsync(ct) is not 0 and var code)
        {
            throw new DemoException($"Training ended with exit code {code}:\n{trainer.LastLines(15)}");
        }

        return Read(folder.Models);
    }

    private static ModelReleases Read(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "models.json"));
        var catalogue = JsonSerializer.Deserialize(file, ReleasesJson.Default.Catalogue)!;
        var live = File.ReadAllLines(Path.Combine(folder, catalogue.Live.File)).Select(System.Text.Encoding.UTF8.GetBytes).ToArray();
        return new ModelReleases(folder, catalogue.Models, live);
    }
}

/// <param name="Name">Model name in inference addresses.</param>
/// <param name="Version">As the registry names it.</param>
/// <param name="File">Beside models.json.</param>
/// <param name="Sha256">Digest of the file.</param>
/// <param name="Summary">What is known of it beforehand.</param>
internal sealed record ModelRelease(string Name, string Version, string File, string Sha256, string Summary);

internal sealed record Catalogue(IReadOnlyList<ModelRelease> Models, LivePayloadFile Live);

internal sealed record LivePayloadFile(string File);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Catalogue))]
internal sealed partial class ReleasesJson : JsonSerializerContext;
