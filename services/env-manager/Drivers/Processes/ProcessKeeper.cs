using System.Text.Json;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>
/// The driver's note of what it started, beside the log. Tags alone would do, were there not programs that overwrite their environment
/// block to change the title that <c>ps</c> shows.
/// </summary>
internal sealed class ProcessKeeper(DataFolders folders)
{
    private readonly string _bootId = ProcessTable.BootId();

    public void Write(RunningReplica replica)
    {
        var path = PathOf(replica.EnvironmentId, replica.Index);
        File.WriteAllText($"{path}.new", JsonSerializer.Serialize(new Note(_bootId, replica)));
        File.Move($"{path}.new", path, overwrite: true);
    }

    /// <summary>Replicas noted since the machine booted whose very process still runs.</summary>
    public IEnumerable<RunningReplica> StillRunning() =>
        from folder in Directory.EnumerateDirectories(folders.Environments)
        from path in Directory.EnumerateFiles(folder, "replica-*.process.json")
        let note = Read(path)
        where note is not null && note.BootId == _bootId && IsRunning(note.Replica)
        select note.Replica;

    public static bool IsRunning(RunningReplica replica) =>
        ProcessTable.Find(replica.ProcessId) is { } process && process.StartedAt == replica.StartedAt;

    private string PathOf(Guid environmentId, int index) =>
        Path.Combine(folders.Environment(environmentId), $"replica-{index}.process.json");

    private static Note? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Note>(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Note(string BootId, RunningReplica Replica);
}
