namespace BlueGreen.Router.Switching;

/// <summary>Waits for the replicas to acknowledge a version of a route.</summary>
internal sealed class AcknowledgementWait(
    ReplicaRegistry registry, AcknowledgementBoard board, RouteSignals signals, TimeProvider clock)
{
    /// <summary>Behind what is heard, for who joined since and for acknowledgements that were not heard.</summary>
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastPoll = TimeSpan.FromMilliseconds(400);

    /// <param name="endpoint">The route.</param>
    /// <param name="within">Replicas silent for longer are not waited for.</param>
    /// <param name="version">What they are to acknowledge.</param>
    /// <param name="deadline">Longest wait.</param>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    /// <returns>Every replica as it stood at the end.</returns>
    public async Task<IReadOnlyList<ReplicaStatus>> UntilAsync(
        string endpoint, TimeSpan within, long version, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var poll = FirstPoll;
        while (true)
        {
            var asked = clock.GetTimestamp();
            var replicas = await registry.StatusAsync(endpoint, within, cancellationToken);
            while (true)
            {
                var next = signals.Acknowledged.Next;
                replicas = [.. replicas.Select(replica => replica.With(board.Find(replica.Name, endpoint)))];
                var left = deadline - clock.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || (replicas.Count > 0 && replicas.All(replica => replica.Version >= version))) return replicas;
                var untilPoll = poll - clock.GetElapsedTime(asked);
                if (untilPoll <= TimeSpan.Zero) break;
                await Pulse.WaitAsync(next, left < untilPoll ? left : untilPoll, clock, cancellationToken);
            }

            poll = poll * 2 < LastPoll ? poll * 2 : LastPoll;
        }
    }
}
