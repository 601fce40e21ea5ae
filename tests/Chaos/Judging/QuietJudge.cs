using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Playing;

namespace BlueGreen.Chaos.Judging;

/// <summary>Nothing is left half-way: every deployment has ended or says honestly that it is faulted, every queue is empty.</summary>
internal static class QuietJudge
{
    public static IEnumerable<string> Find(SeedEvidence evidence)
    {
        var faulted = evidence.Deployments.Where(row => row.State == "Faulted").Select(row => row.Endpoint).ToHashSet();
        foreach (var deployment in evidence.Deployments)
        {
            // Behind a faulted deployment one waits until an operator has decided on it.
            var mayStay = deployment.State == "Faulted" || (deployment.State == "Queued" && faulted.Contains(deployment.Endpoint));
            if (!StateFeed.IsEnd(deployment.State) && !mayStay) yield return $"{deployment.Version} is {deployment.State}";
        }

        foreach (var (queue, messages) in evidence.Queues.Where(queue => queue.Value > 0)) yield return $"queue {queue} holds {messages} messages";
        foreach (var (table, rows) in evidence.Backlog.Where(table => table.Value > 0)) yield return $"{table} holds {rows} rows that are due";
    }
}
