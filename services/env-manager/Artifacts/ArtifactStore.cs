using System.Buffers;
using System.Security.Cryptography;
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
    TimeProvider time)
{
    private const int BufferSize = 1 << 17;

    /// <summary>Fetches what is not here yet and verifies what is: files rot, and a model server must never load another model.</summary>
    public async Task<ArtifactOutcome> GetAsync(ArtifactReference artifact, CancellationToken cancellationToken)
    {
        if (!IsDigest(artifact.Sha256))
            return ArtifactOutcome.Refused("The artifact's sha256 must be 64 lower-case hexadecimal digits.");
        if (!artifact.Uri.IsAbsoluteUri)
            return ArtifactOutcome.Refused($"The artifact's address '{artifact.Uri}' is not absolute; write file:///… or https://….");
        if (sources.FirstOrDefault(candidate => candidate.Handles(artifact.Uri)) is not { } source)
            return ArtifactOutcome.Refused($"Artifacts with the scheme '{artifact.Uri.Scheme}' are not supported; use file, http or https.");
        using (await turns.TakeAsync(artifact.Sha256, cancellationToken))
        {
            var path = Path.Combine(folders.Artifacts, artifact.Sha256);
            if (File.Exists(path) && await DigestOfAsync(path, cancellationToken) == artifact.Sha256)
            {
                File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
                return ArtifactOutcome.Ready(path);
            }

            return await FetchAsync(source, artifact, path, cancellationToken);
        }
    }

    /// <summary>Deletes what is not in use and was not asked for since, downloads that a crash cut off included.</summary>
    public async Task EvictAsync(IReadOnlySet<string> inUse, DateTimeOffset unusedSince, CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folders.Artifacts).Concat(Directory.EnumerateFiles(folders.ArtifactDownloads)))
        {
            var name = Path.GetFileName(path);
            if (inUse.Contains(name)) continue;
            using var turn = await turns.TakeAsync(name, cancellationToken);
            if (File.GetLastWriteTimeUtc(path) < unusedSince.UtcDateTime) File.Delete(path);
        }
    }

    private async Task<ArtifactOutcome> FetchAsync(
        IArtifactSource source, ArtifactReference artifact, string path, CancellationToken cancellationToken)
    {
        await using var stream = await source.OpenAsync(artifact.Uri, cancellationToken);
        if (stream.Failure is { } failure) return failure;
        var temporary = Path.Combine(folders.ArtifactDownloads, $"{artifact.Sha256}.{Guid.NewGuid():N}");
        try
        {
            var digest = await CopyAsync(stream.Content!, temporary, cancellationToken);
            if (digest is null) return TooLarge();
            if (digest != artifact.Sha256) return WrongDigest(artifact, digest);
            File.Move(temporary, path, overwrite: true);
            return ArtifactOutcome.Ready(path);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return ArtifactOutcome.Unreachable($"Fetching the artifact broke off: {exception.Message}");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The digest of what was copied; null when it is larger than allowed.</summary>
    private async Task<string?> CopyAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
            var total = 0L;
            for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                total += read;
                if (total > options.Value.ArtifactSizeLimitBytes) return null;
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            // Before the rename: after a power cut the name must not stand for a hole.
            target.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ArtifactOutcome TooLarge() => ArtifactOutcome.Refused(
        $"The artifact is larger than {options.Value.ArtifactSizeLimitBytes} bytes ({EnvManagerOptions.Section}:ArtifactSizeLimitBytes).");

    private static ArtifactOutcome WrongDigest(ArtifactReference artifact, string digest) => ArtifactOutcome.Refused(
        $"The artifact is not the one that was promoted: its sha256 is {digest}, promised was {artifact.Sha256}.");

    private static async Task<string> DigestOfAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>The digest becomes a file name: nothing but digits may pass.</summary>
    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
