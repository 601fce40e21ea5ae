using BlueGreen.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager;

/// <summary>Where env-manager keeps files; full paths, created on first use.</summary>
internal sealed class DataFolders(IOptions<PlatformOptions> platform)
{
    /// <summary>Also the owner's mark on processes: what carries another folder's mark belongs to another installation.</summary>
    public string Root { get; } = Directory.CreateDirectory(platform.Value.DataDirectory).FullName;

    /// <summary>Verified artifacts by digest.</summary>
    public string Artifacts => Directory.CreateDirectory(Path.Combine(Root, "artifacts")).FullName;

    /// <summary>Artifacts that are still coming in: on the same file system as <see cref="Artifacts"/>, so that renaming is atomic.</summary>
    public string ArtifactDownloads => Directory.CreateDirectory(Path.Combine(Root, "artifacts", "incoming")).FullName;

    /// <summary>One folder per environment.</summary>
    public string Environments => Directory.CreateDirectory(Path.Combine(Root, "environments")).FullName;

    /// <summary>Logs and process files of one environment.</summary>
    public string Environment(Guid id) => Directory.CreateDirectory(PathOf(id)).FullName;

    /// <summary>The same, not created.</summary>
    public string PathOf(Guid id) => Path.Combine(Root, "environments", id.ToString());

    /// <summary>Environments that have a folder.</summary>
    public IReadOnlyList<Guid> KeptEnvironments() =>
        [.. Directory.EnumerateDirectories(Environments)
            .Select(path => Guid.TryParse(Path.GetFileName(path), out var id) ? id : (Guid?)null).OfType<Guid>()];
}
