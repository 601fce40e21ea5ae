using System.Formats.Tar;
using System.IO.Compression;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// The folder beside an artifact that is an archive (ZIP, tar or tar.gz), for model servers that load a folder. It is there whole or not at all.
/// Nothing leaves it: names that point out of it, links and devices are refused.
/// </summary>
internal static class UnpackedArtifact
{
    /// <summary>In a command: the folder's full path.</summary>
    public const string Placeholder = "{artifactFolder}";

    private const int BlockSize = 512;
    private const int UstarAt = 257;

    public static string FolderOf(string artifactPath) => $"{artifactPath}.d";

    public static bool IsWantedBy(IReadOnlyList<string> command) => command.Any(word => word.Contains(Placeholder, StringComparison.Ordinal));

    /// <summary>Unpacks it, if that has not been done.</summary>
    /// <param name="artifactPath">The verified archive.</param>
    /// <param name="limit">Most bytes that may come out of it.</param>
    /// <param name="cancellationToken">Ends the unpacking and leaves nothing behind.</param>
    /// <returns>What is wrong with the archive; null: nothing.</returns>
    public static async Task<string?> MakeAsync(string artifactPath, long limit, CancellationToken cancellationToken)
    {
        var folder = FolderOf(artifactPath);
        if (Directory.Exists(folder)) return null;
        var incoming = $"{folder}.part";
        if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
        var target = new Target(Directory.CreateDirectory(incoming).FullName, limit);
        try
        {
            await using var file = File.OpenRead(artifactPath);
            await UnpackAsync(file, target, cancellationToken);
            Directory.Move(incoming, folder);
            return null;
        }
        catch (InvalidDataException broken)
        {
            return $"The artifact cannot be unpacked, which the command's {Placeholder} asks for: {broken.Message}";
        }
        finally
        {
            if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
        }
    }

    private static async Task UnpackAsync(FileStream file, Target target, CancellationToken cancellationToken)
    {
        var head = new byte[BlockSize];
        var length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        switch (head)
        {
            case [(byte)'P', (byte)'K', ..]:
                await UnzipAsync(file, target, cancellationToken);
                return;
            case [0x1f, 0x8b, ..]:
                await using (var plain = new GZipStream(file, CompressionMode.Decompress)) await UntarAsync(plain, target, cancellationToken);
                return;
            case var _ when length == BlockSize && head.AsSpan(UstarAt).StartsWith("ustar"u8):
                await UntarAsync(file, target, cancellationToken);
                return;
            default:
                throw new InvalidDataException("it is neither a ZIP nor a tar archive.");
        }
    }

    private static async Task UnzipAsync(Stream file, Target target, CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName.EndsWith('/')) continue;
            await using var content = await entry.OpenAsync(cancellationToken);
            await target.WriteAsync(entry.FullName, content, cancellationToken);
        }
    }

    private static async Task UntarAsync(Stream file, Target target, CancellationToken cancellationToken)
    {
        await using var archive = new TarReader(file, leaveOpen: true);
        while (await archive.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await target.WriteAsync(entry.Name, entry.DataStream ?? Stream.Null, cancellationToken);
                    break;
                case TarEntryType.Directory or TarEntryType.DirectoryList or TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new InvalidDataException($"'{entry.Name}' is no file ({entry.EntryType}).");
            }
        }
    }

    private sealed class Target(string folder, long limit)
    {
        private long _left = limit;

        public async Task WriteAsync(string name, Stream content, CancellationToken cancellationToken)
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new InvalidDataException($"'{name}' points out of it.");
            if (File.Exists(path) || Directory.Exists(path)) throw new InvalidDataException($"'{name}' is in it twice.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
            var buffer = new byte[1 << 17];
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if ((_left -= read) < 0)
                    throw new InvalidDataException($"more comes out of it than {EnvManagerOptions.Section}:ArtifactSizeLimitBytes allows.");
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
