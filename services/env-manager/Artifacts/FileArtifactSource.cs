using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Artifacts on this machine or on a mounted share: <c>file:///models/fraud-7.zip</c>. A folder is packed (<see cref="PackedFolder"/>).</summary>
internal sealed class FileArtifactSource(IOptions<EnvManagerOptions> options) : IArtifactSource
{
    public IReadOnlyList<string> Schemes { get; } = [Uri.UriSchemeFile];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken) => Task.FromResult(Open(uri));

    private ArtifactStream Open(Uri uri)
    {
        var path = Path.GetFullPath(uri.LocalPath);
        if (!IsAllowed(path))
            return ArtifactStream.Refused($"{path} is in none of the folders of {EnvManagerOptions.Section}:ArtifactFolders.");
        return Directory.Exists(path) ? OpenFolder(path) : OpenFile(path);
    }

    private static ArtifactStream OpenFolder(string folder)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path));
            return PackedFolder.Open(files, (name, _) => Task.FromResult(OpenFile(Path.Combine(folder, name))));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return ArtifactStream.Refused($"env-manager cannot read all of {folder}: {exception.Message}");
        }
    }

    private static ArtifactStream OpenFile(string path)
    {
        try
        {
            return ArtifactStream.Of(new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            }));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return ArtifactStream.Refused($"There is no file {path}.");
        }
        catch (UnauthorizedAccessException)
        {
            return ArtifactStream.Refused($"env-manager may not read {path}.");
        }
        catch (IOException exception)
        {
            return ArtifactStream.Unreachable($"{path} could not be opened: {exception.Message}");
        }
    }

    private bool IsAllowed(string path) =>
        options.Value.ArtifactFolders.Count == 0
        || options.Value.ArtifactFolders.Any(folder => path.StartsWith(
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
