using System.Buffers;
using System.Security.Cryptography;
using BlueGreen.Contracts;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// Brings an artifact's bytes into the folder of downloads. One that is cut off goes on where it stopped, also after a restart where the
/// digest tells in the end whether the two halves belong together.
/// </summary>
internal sealed class ArtifactDownload(DataFolders folders, IOptions<EnvManagerOptions> options)
{
    private const int BufferSize = 1 << 17;

    /// <summary>Connections that may be lost in one download, as long as each brought something.</summary>
    private const int Resumes = 20;

    public static string NameOf(string key) => $"{key}.part";

    /// <summary>The digest of what lies under <see cref="NameOf"/> now, or why there is nothing.</summary>
    public async Task<(string? Digest, ArtifactOutcome? Failure)> RunAsync(
        IArtifactSource source, ArtifactReference artifact, string key, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folders.ArtifactDownloads, NameOf(key));
        var isPinned = artifact.Sha256.Length > 0;
        // What was left by another run has no tag that would say what it is the beginning of.
        if (!isPinned) File.Delete(path);
        var wasBegun = File.Exists(path);
        if (await CopyAllAsync(source, artifact, path, isPinned, cancellationToken) is { } failure)
        {
            if (!failure.Retryable || !isPinned) File.Delete(path);
            return (null, failure);
        }

        var digest = await DigestOfAsync(path, cancellationToken);
        if (!isPinned || digest == artifact.Sha256) return (digest, null);
        File.Delete(path);
        // The half that was here may have been the wrong one: once more, from the start.
        return wasBegun ? await RunAsync(source, artifact, key, cancellationToken) : (null, WrongDigest(artifact, digest));
    }

    public static async Task<string> DigestOfAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private async Task<ArtifactOutcome?> CopyAllAsync(
        IArtifactSource source, ArtifactReference artifact, string path, bool isPinned, CancellationToken cancellationToken)
    {
        string? tag = null;
        for (var losses = 0; ; losses++)
        {
            var here = File.Exists(path) ? new FileInfo(path).Length : 0;
            var from = tag is not null || isPinned ? new ArtifactPosition(here, tag) : ArtifactPosition.Start;
            await using var stream = await source.OpenAsync(artifact.Uri, from, cancellationToken);
            if (stream.Failure is { } failure)
            {
                // A server that cannot go on where an earlier run stopped (416, say) is asked for all of it next time.
                if (losses == 0) File.Delete(path);
                return failure;
            }

            tag = stream.Tag ?? tag;
            try
            {
                return await CopyAsync(stream, path, cancellationToken) ? null : TooLarge();
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                var broke = ArtifactOutcome.Unreachable($"Fetching the artifact broke off: {exception.Message}");
                var after = File.Exists(path) ? new FileInfo(path).Length : 0;
                if (losses >= Resumes || after <= here) return broke;
            }
        }
    }

    /// <summary>False when it is larger than allowed.</summary>
    private async Task<bool> CopyAsync(ArtifactStream stream, string path, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, useAsync: true);
            if (stream.From > target.Length) throw new IOException("The server left a gap.");
            target.SetLength(stream.From);
            target.Position = stream.From;
            for (int read; (read = await stream.Content!.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (target.Position + read > options.Value.ArtifactSizeLimitBytes) return false;
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            // Before the rename: after a power cut the name must not stand for a hole.
            target.Flush(flushToDisk: true);
            return true;
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
}
