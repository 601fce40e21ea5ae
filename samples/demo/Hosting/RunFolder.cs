namespace BlueGreen.Demo.Hosting;

/// <summary>Everything a run leaves on disk, in one place. A folder of our own making is removed after a good run.</summary>
internal sealed class RunFolder(string? chosen)
{
    public string RunId { get; } = Guid.NewGuid().ToString("N");

    public string Root { get; } = chosen is null
        ? Directory.CreateTempSubdirectory("bluegreen-demo-").FullName
        : Directory.CreateDirectory(Path.GetFullPath(chosen)).FullName;

    public string RequestLog => Path.Combine(Root, "requests.tsv");

    public string Models => Path.Combine(Root, "models");

    public void RemoveIfOurs()
    {
        if (chosen is not null) return;
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A file still in use is no reason to fail a good run.
        }
    }
}
