namespace BlueGreen.Bench.Routing.Traffic;

/// <summary>Judges what clients saw.</summary>
internal static class Staleness
{
    /// <summary>
    /// Requests that were sent after an answer of a newer epoch had been received and were answered under an older one: none, if the epoch
    /// is a linearizable register (M. Herlihy, J. Wing, "Linearizability", 1990).
    /// </summary>
    public static int Count(IEnumerable<ClientAnswer> answers) => Find(answers).Count;

    public static IReadOnlyList<(ClientAnswer Stale, long Newer)> Find(IEnumerable<ClientAnswer> answers)
    {
        var good = answers.Where(answer => answer is { IsGood: true, Epoch: >= 0 }).ToArray();
        var byReceived = good.OrderBy(answer => answer.Received).ToArray();
        var found = new List<(ClientAnswer, long)>();
        var (newest, received) = (-1L, 0);
        foreach (var answer in good.OrderBy(answer => answer.Sent))
        {
            while (received < byReceived.Length && byReceived[received].Received < answer.Sent) newest = Math.Max(newest, byReceived[received++].Epoch);
            if (answer.Epoch < newest) found.Add((answer, newest));
        }

        return found;
    }

    /// <summary>
    /// How long both versions were given out: from the first answer of the new one to the sending of the last request that the old one
    /// answered. 0: nobody who had seen the new one got the old one.
    /// </summary>
    public static double MixedMilliseconds(IReadOnlyCollection<ClientAnswer> answers, string old, string young)
    {
        var firstYoung = answers.Where(answer => answer.Version == young).Select(answer => answer.Received).DefaultIfEmpty(long.MaxValue).Min();
        var lastOld = answers.Where(answer => answer.Version == old).Select(answer => answer.Sent).DefaultIfEmpty(long.MinValue).Max();
        return lastOld <= firstYoung ? 0 : TimeProvider.System.GetElapsedTime(firstYoung, lastOld).TotalMilliseconds;
    }
}
