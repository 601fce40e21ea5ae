using System.Collections.Concurrent;
using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Reverting;

/// <summary>How standby replicas answered when they were asked last, and how they were while they were live.</summary>
internal sealed class StandbyHealth(EnvironmentRegistry environments)
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Uri, (bool IsReady, DateTimeOffset At)> _seen = [];

    public void Seen(Uri replica, bool isReady, DateTimeOffset at) => _seen[replica] = (isReady, at);

    /// <summary>
    /// What is known of a replica that does not answer now: how it answered lately; if it was not asked, because its environment left only
    /// just now, how the data plane found it. Null: nothing is known.
    /// </summary>
    public bool? WasReadyLately(Guid environmentId, Uri replica, DateTimeOffset now)
    {
        if (_seen.TryGetValue(replica, out var seen) && now - seen.At < Lately) return seen.IsReady;
        if (environments.Find(environmentId) is not { } served || !served.WasLiveSince(now - Lately)) return null;
        var timestamp = environments.Clock.GetTimestamp();
        return served.Replicas.Any(known => known.Address == replica && known.IsWell(timestamp));
    }

    /// <summary>Forgets replicas that are standby no longer.</summary>
    public void Retain(IReadOnlySet<Uri> replicas)
    {
        foreach (var replica in _seen.Keys.Where(known => !replicas.Contains(known))) _seen.TryRemove(replica, out _);
    }
}
