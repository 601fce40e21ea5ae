using System.IO.Compression;
using System.IO.Pipelines;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// A folder as one artifact: a ZIP without compression, written while it is read. The same files make the same bytes, whoever packs them and
/// when, so that a digest of them means something.
/// </summary>
internal static class PackedFolder
{
    /// <summary>The earliest time that a ZIP can say.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="files">Their names within the folder, with slashes.</param>
    /// <param name="open">Opens one of them. What it throws ends the reading, too.</param>
    public static ArtifactStream Open(IEnumerable<string> files, Func<string, CancellationToken, Task<ArtifactStream>> open)
    {
        var names = files.Order(StringComparer.Ordinal).ToList();
        var pipe = new Pipe();
        var stop = new CancellationTokenSource();
        var packing = Task.Run(() => PackAsync(names, open, pipe.Writer, stop.Token), CancellationToken.None);
        return ArtifactStream.Of(pipe.Reader.AsStream(), new Packing(packing, stop));
    }

    private static async Task PackAsync(
        List<string> names, Func<string, CancellationToken, Task<ArtifactStream>> open, PipeWriter target, CancellationToken cancellationToken)
    {
        try
        {
            await using (var archive = await ZipArchive.CreateAsync(
                target.AsStream(leaveOpen: true), ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
            {
                foreach (var name in names) await AddAsync(archive, name, open, cancellationToken);
            }

            await target.CompleteAsync();
        }
        catch (Exception exception)
        {
            await target.CompleteAsync(exception as IOException ?? new IOException(exception.Message, exception));
        }
    }

    private static async Task AddAsync(
        ZipArchive archive, string name, Func<string, CancellationToken, Task<ArtifactStream>> open, CancellationToken cancellationToken)
    {
        await using var file = await open(name, cancellationToken);
        if (file.Failure is { } failure) throw new IOException(failure.Problem);
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        await using var content = await entry.OpenAsync(cancellationToken);
        await file.Content!.CopyToAsync(content, cancellationToken);
    }

    private sealed class Packing(Task done, CancellationTokenSource stop) : IDisposable
    {
        public void Dispose()
        {
            stop.Cancel();
            _ = done.ContinueWith(_ => stop.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
