using System.Collections.Concurrent;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Platform.Faults;

/// <summary>The queues of one service.</summary>
internal sealed class DurableQueues<TDb> where TDb : ServiceDbContext
{
    private readonly ConcurrentDictionary<string, bool> _names = new();

    public IReadOnlyCollection<string> Names => [.. _names.Keys];

    public void Add(string name) => _names[name] = true;
}
