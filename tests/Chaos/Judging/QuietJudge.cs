using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Playing;

namespace BlueGreen.Chaos.Judging;

/// <summary>Nothing is left half-way: every deployment has ended, every queue is empty.</summary>
internal static class QuietJudge
{
    public static IEnumerable<string> Find(SeedEvidence evidence)
    {
        // An operator has decided on every deployment that was faulted: none may be left.
        foreach (var deployment in evidence.Deployments.Where(row => !StateFeed.IsEnd(row.State)))
            yield return $"{deployment.Version} is {deployment.State}: {deployment.Reason ?? "-"}";
        foreach (var (queue, messages) in evidence.Queues.Where(queue => queue.Value > 0)) yield return $"queue {queue} holds {messages} messages";
        foreach (var (table, rows) in evidence.Backlog.Where(table => table.Value > 0)) yield return $"{table} holds {rows} rows that are due";
    }
}
