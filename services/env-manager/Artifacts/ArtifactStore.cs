using System.Security.Cryptography;
using System.Text;
using BlueGreen.Contracts;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// Artifacts on this machine, kept by digest: a file is there under its digest's name, whole and verified, or not at all.
/// </summary>
internal sealed class ArtifactStore(
    IEnumerable<IArtifactSource> sources,
    DataFolders folders,
    IOptions<EnvManagerOptions> options,
    KeyedTurns<string> turns,
    ArtifactDownload download,
    TimeProvider time)
{
    /// <summary>
    /// Fetches what is not here yet and verifies what is: files rot, and a model server must never load another model. Without a digest the
    /// bytes that come are taken as they are; the outcome says their digest.
    /// </summary>
    public async Task<ArtifactOutcome> GetAsync(ArtifactReference artifact, CancellationToken cancellationToken)
    {
        var isPinned = artifact.Sha256.Length > 0;
        if (isPinned && !IsDigest(artifact.Sha256))
            return ArtifactOutcome.Refused("The artifact's sha256 must be 64 lower-case hexadecimal digits.");
        if (!isPinned && options.Value.RequireArtifactDigest)
            return ArtifactOutcome.Refused($"The registry promised no sha256, which {EnvManagerOptions.Section}:RequireArtifactDigest asks for.");
        if (!artifact.Uri.IsAbsoluteUri)
            return ArtifactOutcome.Refused($"The artifact's address '{artifact.Uri}' is not absolute; write file:///… or https://….");
        if (sources.FirstOrDefault(candidate => candidate.Schemes.Contains(artifact.Uri.Scheme)) is not { } source)
        {
            return ArtifactOutcome.Refused($"Artifacts with the scheme '{artifact.Uri.Scheme}' are not supported; "
                + $"supported are {string.Join(", ", sources.SelectMany(known => known.Schemes))}.");
        }

        var key = isPinned ? artifact.Sha256 : $"unpinned-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(artifact.Uri.OriginalString)))}";
        using (await turns.TakeAsync(key, cancellationToken))
        {
            if (isPinned && await IsKeptAsync(artifact.Sha256, cancellationToken)) return Ready(artifact.Sha256);
            var (fetched, failure) = await download.RunAsync(source, artifact, key, cancellationToken);
            return failure ?? Keep(fetched!, key);
        }
    }

    /// <summary>The same for a command, with the folder that it may ask for (<see cref="UnpackedArtifact"/>).</summary>
    public async Task<ArtifactOutcome> GetAsync(ArtifactReference artifact, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var outcome = await GetAsync(artifact, cancellationToken);
        if (outcome.Path is not { } path || !UnpackedArtifact.IsWantedBy(command)) return outcome;
        using (await turns.TakeAsync(outcome.Sha256!, cancellationToken))
        {
            var problem = await UnpackedArtifact.MakeAsync(path, options.Value.ArtifactSizeLimitBytes, cancellationToken);
            return problem is null ? outcome : ArtifactOutcome.Refused(problem);
        }
    }

    /// <summary>
    /// Deletes what is not in use and was not asked for since, downloads that a crash cut off included; then, where the rest takes more room
    /// than it may, what was not asked for the longest.
    /// </summary>
    public async Task EvictAsync(IReadOnlySet<string> inUse, DateTimeOffset unusedSince, CancellationToken cancellationToken)
    {
        var unused = Directory.EnumerateFiles(folders.Artifacts).Concat(Directory.EnumerateFiles(folders.ArtifactDownloads))
            .Select(path => new FileInfo(path)).Where(file => !inUse.Contains(KeyOf(file))).OrderBy(file => file.LastWriteTimeUtc).ToList();
        var size = Directory.EnumerateFiles(folders.Artifacts).Sum(path => new FileInfo(path).Length);
        foreach (var file in unused)
        {
            using var turn = await turns.TakeAsync(KeyOf(file), cancellationToken);
            file.Refresh();
            if (!file.Exists) continue;
            var isKept = file.DirectoryName == folders.Artifacts;
            if (file.LastWriteTimeUtc >= unusedSince.UtcDateTime && !(isKept && size > options.Value.ArtifactCacheLimitBytes)) continue;
            if (isKept) size -= file.Length;
            file.Delete();
            if (isKept && Directory.Exists(UnpackedArtifact.FolderOf(file.FullName)))
                Directory.Delete(UnpackedArtifact.FolderOf(file.FullName), recursive: true);
        }
    }

    private async Task<bool> IsKeptAsync(string digest, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folders.Artifacts, digest);
        return File.Exists(path) && await ArtifactDownload.DigestOfAsync(path, cancellationToken) == digest;
    }

    private ArtifactOutcome Keep(string digest, string key)
    {
        File.Move(Path.Combine(folders.ArtifactDownloads, ArtifactDownload.NameOf(key)), Path.Combine(folders.Artifacts, digest), overwrite: true);
        return Ready(digest);
    }

    private ArtifactOutcome Ready(string digest)
    {
        var path = Path.Combine(folders.Artifacts, digest);
        File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        return ArtifactOutcome.Ready(path, digest);
    }

    private static string KeyOf(FileInfo file) => Path.GetFileNameWithoutExtension(file.Name);

    /// <summary>The digest becomes a file name: nothing but digits may pass.</summary>
    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
