namespace BlueGreen.EnvManager.Artifacts;

/// <summary>The files of a model as a server lists and serves them.</summary>
internal interface IModelFiles
{
    /// <summary>The files and folders in a folder, by their names; none when it is a file itself, or nothing.</summary>
    /// <param name="folder">Steps with slashes between them; empty: the topmost.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<FileListing> ListAsync(string folder, CancellationToken cancellationToken);

    Task<ArtifactStream> OpenAsync(string file, ArtifactPosition position, CancellationToken cancellationToken);
}

/// <summary>What is in a folder, or why that cannot be told.</summary>
internal sealed record FileListing(IReadOnlyList<string> Files, IReadOnlyList<string> Folders, ArtifactStream? Problem = null)
{
    public static FileListing Nothing { get; } = new([], []);

    public static FileListing Failed(ArtifactStream problem) => new([], [], problem);
}
