namespace BlueGreen.ModelServer.Training;

/// <summary>A small set of releases in a directory of its own, trained once for all tests that only need some model.</summary>
public sealed class TrainedReleases : IDisposable
{
    internal const int Seed = 3;

    internal static readonly TrainingScale Scale = new(TrainingRows: 12_000, GoldenRows: 300, LiveRows: 400, ReferenceRows: 10_000);

    public TrainedReleases()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("model-server-tests-").FullName;
        Set = ReleaseSet.Train(Seed, Scale);
        Catalogue = new ReleaseWriter(Directory).Write(Seed, Set);
    }

    public string Directory { get; }

    internal ReleaseSet Set { get; }

    internal ReleaseCatalogue Catalogue { get; }

    public string ModelFile(int version) => Path.Combine(Directory, $"fraud-v{version}.zip");

    public string[] Payloads(string file) => File.ReadAllLines(Path.Combine(Directory, file));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
