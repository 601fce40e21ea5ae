namespace BlueGreen.Router.Switching;

/// <summary>Waits for the replicas to acknowledge a version of a route.</summary>
internal sealed class AcknowledgementWait(ReplicaRegistry registry, RouteSignals signals, TimeProvider clock)
{
    /// <summary>Behind the signals, which another process's acknowledgement may fail to raise.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

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
        while (true)
        {
            var next = signals.Acknowledged.Next;
            var replicas = await registry.StatusAsync(endpoint, within, cancellationToken);
            var left = deadline - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || (replicas.Count > 0 && replicas.All(replica => replica.Version >= version))) return replicas;
            await Pulse.WaitAsync(next, left < Poll ? left : Poll, clock, cancellationToken);
        }
    }
}
