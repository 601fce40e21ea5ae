using System.Collections.Concurrent;

namespace BlueGreen.Router.Reverting;

/// <summary>How standby replicas answered when they were asked last.</summary>
internal sealed class StandbyHealth
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Uri, (bool IsReady, DateTimeOffset At)> _seen = [];

    public void Seen(Uri replica, bool isReady, DateTimeOffset at) => _seen[replica] = (isReady, at);

    public bool WasReadyLately(Uri replica, DateTimeOffset now) =>
        _seen.TryGetValue(replica, out var seen) && seen.IsReady && now - seen.At < Lately;

    /// <summary>Forgets replicas that are standby no longer.</summary>
    public void Retain(IReadOnlySet<Uri> replicas)
    {
        foreach (var replica in _seen.Keys.Where(known => !replicas.Contains(known))) _seen.TryRemove(replica, out _);
    }
}
