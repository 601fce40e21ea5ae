using System.Collections.Concurrent;
using MassTransit;

namespace BlueGreen.Platform.Messaging;

/// <summary>How many queues of this process consume each message type: the embedded bus keeps a sent row until all of them have.</summary>
internal sealed class ConsumedMessages
{
    private readonly ConcurrentDictionary<string, int> _queues = new();
    private readonly ConcurrentDictionary<Type, byte> _types = new();

    /// <summary>Every type that is consumed.</summary>
    public IEnumerable<Type> Types => _types.Keys;

    public void Add(Type messageType)
    {
        _types.TryAdd(messageType, 0);
        _queues.AddOrUpdate(MessageUrn.ForTypeString(messageType), 1, (_, count) => count + 1);
    }

    /// <param name="messageTypes">The row's types, most specific first, separated by semicolons.</param>
    public int QueuesFor(string messageTypes)
    {
        var end = messageTypes.IndexOf(';', StringComparison.Ordinal);
        return _queues.GetValueOrDefault(end < 0 ? messageTypes : messageTypes[..end]);
    }
}
