using System.Collections.Concurrent;

namespace BlueGreen.Router.Mirroring;

/// <summary>The latest pairs of each mirrored environment, bounded.</summary>
internal sealed class PairLog
{
    private const int MostPairs = 4096;
    private const int MostEnvironments = 64;
    private readonly ConcurrentDictionary<Guid, Pairs> _byEnvironment = [];

    /// <param name="mirror">The environment that got the copy.</param>
    /// <param name="pair">What both said.</param>
    public void Add(Guid mirror, MirroredPair pair) => Of(mirror).Add(pair);

    /// <summary>A request that was to be copied and was not: too many copies were in flight.</summary>
    public void Dropped(Guid mirror) => Of(mirror).Drop();

    /// <returns>Oldest first, and how many were dropped since the first copy.</returns>
    public (IReadOnlyList<MirroredPair> Pairs, long Dropped) Read(Guid mirror, DateTimeOffset since) =>
        _byEnvironment.TryGetValue(mirror, out var pairs) ? pairs.Read(since) : ([], 0);

    private Pairs Of(Guid mirror)
    {
        if (_byEnvironment.TryGetValue(mirror, out var known)) return known;
        // Environments come and go; the one that was silent for longest is the one that went.
        if (_byEnvironment.Count >= MostEnvironments && _byEnvironment.MinBy(entry => entry.Value.LastAt) is var oldest)
            _byEnvironment.TryRemove(oldest.Key, out _);
        return _byEnvironment.GetOrAdd(mirror, _ => new Pairs());
    }

    private sealed class Pairs
    {
        private readonly Lock _gate = new();
        private readonly Queue<MirroredPair> _latest = new();
        private long _dropped;

        public DateTimeOffset LastAt { get; private set; }

        public void Add(MirroredPair pair)
        {
            lock (_gate)
            {
                if (_latest.Count == MostPairs) _latest.Dequeue();
                _latest.Enqueue(pair);
                LastAt = pair.At;
            }
        }

        public void Drop() => Interlocked.Increment(ref _dropped);

        public (IReadOnlyList<MirroredPair> Pairs, long Dropped) Read(DateTimeOffset since)
        {
            lock (_gate) return ([.. _latest.Where(pair => pair.At >= since)], Interlocked.Read(ref _dropped));
        }
    }
}
