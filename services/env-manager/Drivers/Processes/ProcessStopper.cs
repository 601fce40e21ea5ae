using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>
/// Ends replicas with everything they started: what carries the tag, and what belongs to a session that a replica began. A process
/// is looked up anew before every signal, so that a reused id is never hit.
/// </summary>
internal sealed class ProcessStopper(
    ProcessKeeper keeper, DataFolders folders, IOptions<EnvManagerOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(100);

    /// <summary>All processes of the environment, or of one of its replicas.</summary>
    public IReadOnlyList<ProcessEntry> FamilyOf(Guid environmentId, int? index)
    {
        var all = ProcessTable.All();
        var noted = keeper.StillRunning()
            .Where(replica => replica.EnvironmentId == environmentId && (index is null || replica.Index == index))
            .Select(replica => replica.ProcessId);
        var members = all.Where(process => IsTagged(process, environmentId, index)).Select(process => process.Id).Concat(noted).ToHashSet();
        var sessions = members.Intersect(all.Where(process => process.Session == process.Id).Select(process => process.Id)).ToHashSet();
        return [.. all.Where(process => members.Contains(process.Id) || sessions.Contains(process.Session))];
    }

    /// <summary>SIGTERM, the grace period, SIGKILL; returns when <paramref name="look"/> finds nothing any more.</summary>
    public async Task StopAsync(Func<IReadOnlyList<ProcessEntry>> look, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = FirstLook;
        var asked = new HashSet<(int, long)>();
        while (look() is { Count: > 0 } family)
        {
            var graceOver = time.GetElapsedTime(started) >= options.Value.StopGrace;
            foreach (var process in family)
            {
                if (graceOver) Signals.Send(process.Id, Signals.Kill);
                else if (asked.Add((process.Id, process.StartedAt))) Signals.Send(process.Id, Signals.Terminate);
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestLook ? pause * 2 : LongestLook;
        }
    }

    private bool IsTagged(ProcessEntry process, Guid environmentId, int? index)
    {
        var variables = ProcessTable.EnvironmentOf(process.Id);
        return ReplicaTags.OwnerOf(variables, folders.Root) == environmentId
            && (index is null || ReplicaTags.IndexOf(variables) == index);
    }
}
