using System.Text;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>
/// A replica's stdout and stderr. The replica appends to the file itself, so that it does not depend on env-manager being alive;
/// append mode also lets the file be cut to nothing under it.
/// </summary>
internal sealed class ReplicaLog
{
    private const int TailBytes = 1500;

    private ReplicaLog(string path) => Path = path;

    public string Path { get; }

    public static ReplicaLog Of(string folder, int index) => new(System.IO.Path.Combine(folder, $"replica-{index}.log"));

    public static IEnumerable<ReplicaLog> AllIn(string folder) =>
        Directory.EnumerateFiles(folder, "replica-*.log").Select(path => new ReplicaLog(path));

    /// <summary>The last lines, without a line that is cut off at the front.</summary>
    public string Tail()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
            var cut = file.Position > 0;
            using var reader = new StreamReader(file, Encoding.UTF8);
            if (cut) reader.ReadLine();
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Beyond the limit, keeps one copy aside and begins anew. Lines written during the copy may be lost.</summary>
    public void Trim(long limit)
    {
        try
        {
            if (new FileInfo(Path) is not { Exists: true } log || log.Length <= limit) return;
            log.CopyTo($"{Path}.1", overwrite: true);
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.SetLength(0);
        }
        catch (IOException)
        {
            // Next time: a log that is too long is no reason to stop watching.
        }
    }
}
