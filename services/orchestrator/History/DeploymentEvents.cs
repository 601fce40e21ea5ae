using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.History;

/// <summary>A deployment's history as it grows, until its end.</summary>
internal sealed class DeploymentEvents(IServiceStore<OrchestratorDbContext> store, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public async IAsyncEnumerable<SseItem<HistoryEntry>> FollowAsync(
        Guid deployment, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var position = after;
            // Asked before the rows: the last of them were written in the transaction that ended the deployment, or earlier.
            var hasEnded = await store.ReadAsync((db, token) => db.Deployments
                .AnyAsync(row => row.CorrelationId == deployment && row.EndedAt != null, token), cancellationToken);
            var rows = await store.ReadAsync((db, token) => db.History
                .Where(row => row.DeploymentId == deployment && row.Sequence > position)
                .OrderBy(row => row.Sequence).Take(100).ToListAsync(token), cancellationToken);
            foreach (var row in rows)
            {
                after = row.Sequence;
                yield return new SseItem<HistoryEntry>(HistoryEntry.From(row), row.Kind)
                {
                    EventId = row.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
                if (row.Kind == "ended") yield break;
            }

            if (rows.Count > 0) continue;
            if (hasEnded) yield break;
            await Task.Delay(Poll, clock, cancellationToken);
        }
    }
}
