using System.Collections.Concurrent;
using MassTransit;

namespace BlueGreen.Platform.Messaging;

/// <summary>Every durable queue that this process consumes, and whether it does as far as it knows.</summary>
internal sealed class OwnQueues : IReceiveEndpointObserver
{
    private readonly ConcurrentDictionary<string, bool> _names = new();
    private readonly ConcurrentDictionary<string, bool> _lost = new();

    public IReadOnlyCollection<string> Names => [.. _names.Keys];

    /// <summary>Those whose consumer has not begun yet, or has ended and not begun anew. A queue may have consumers in other processes.</summary>
    public IEnumerable<string> Lost => Names.Where(_lost.ContainsKey);

    public void Add(string name) => _names[name] = _lost[name] = true;

    public Task Ready(ReceiveEndpointReady ready)
    {
        _lost.TryRemove(ready.InputAddress.Segments[^1], out _);
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted) => LostAsync(faulted.InputAddress);
    public Task Completed(ReceiveEndpointCompleted completed) => LostAsync(completed.InputAddress);
    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    private Task LostAsync(Uri queue)
    {
        _lost[queue.Segments[^1]] = true;
        return Task.CompletedTask;
    }
}
