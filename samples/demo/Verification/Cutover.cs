using BlueGreen.Demo.Load;

namespace BlueGreen.Demo.Verification;

/// <summary>Judges how cleanly traffic moved, by send order and the epochs in the answers.</summary>
internal static class Cutover
{
    /// <summary>
    /// Answers of an older epoch than one that was already complete when their request was sent. Requests that overlap in time
    /// may be answered in either order; these cannot be explained by overlap.
    /// </summary>
    /// <param name="requests">In send order.</param>
    public static IEnumerable<RequestRecord> Stale(IReadOnlyList<RequestRecord> requests)
    {
        var completed = new PriorityQueue<RouteEpoch, long>();
        RouteEpoch? newest = null;
        foreach (var request in requests)
        {
            while (completed.TryPeek(out var epoch, out var done) && done < request.Sent)
            {
                completed.Dequeue();
                if (newest is null || epoch.CompareTo(newest.Value) > 0) newest = epoch;
            }

            if (request.Failed || RouteEpoch.Parse(request.Epoch) is not { } own) continue;
            if (newest is { } seen && own.CompareTo(seen) < 0) yield return request;
            completed.Enqueue(own, request.Done);
        }
    }

    /// <summary>
    /// Milliseconds from the send time of a new environment's first answered request to the send time of the last one that the
    /// environment before it answered in that epoch; the longest over all switches to an environment not seen before. 0: none overlapped.
    /// </summary>
    /// <param name="requests">In send order.</param>
    public static double? LongestOverlap(IReadOnlyList<RequestRecord> requests)
    {
        double? longest = null;
        var seen = new HashSet<string>();
        Period? before = null;
        foreach (var period in Periods(requests))
        {
            if (seen.Add(period.Environment) && before is not null)
            {
                longest = Math.Max(longest ?? 0, (before.LastSent - period.FirstSent) / 1e3);
            }

            before = period;
        }

        return longest;
    }

    private static IEnumerable<Period> Periods(IReadOnlyList<RequestRecord> requests) => requests
        .Where(request => !request.Failed && request.Environment is not null)
        .Select(request => (Request: request, Epoch: RouteEpoch.Parse(request.Epoch)))
        .Where(item => item.Epoch is not null)
        .GroupBy(item => item.Epoch!.Value)
        .OrderBy(group => group.Key)
        .Select(group => new Period(group.First().Request.Environment!, group.Min(item => item.Request.Sent), group.Max(item => item.Request.Sent)));

    private sealed record Period(string Environment, long FirstSent, long LastSent);
}
