using MassTransit;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace BlueGreen.Platform.Messaging;

/// <summary>An outbox row as MassTransit's send pipe wants to see it.</summary>
internal sealed class StoredMessageContext : OutboxMessageContext
{
    private static readonly Dictionary<string, object> NoProperties = [];
    private readonly OutboxMessage _row;

    public StoredMessageContext(OutboxMessage row, IObjectDeserializer deserializer)
    {
        _row = row;
        var headers = deserializer.DeserializeDictionary<object>(row.Headers);
        Headers = headers is null ? EmptyHeaders.Instance : new DictionarySendHeaders(headers!);
        Properties = deserializer.DeserializeDictionary<object>(row.Properties) ?? NoProperties;
    }

    public long SequenceNumber => _row.Sequence;
    public Guid MessageId => _row.MessageId;
    Guid? MessageContext.MessageId => _row.MessageId;
    public string ContentType => _row.ContentType;
    public string MessageType => _row.MessageTypes;
    public string Body => _row.Body;
    public IReadOnlyDictionary<string, object> Properties { get; }
    public Guid? RequestId => null;
    public Guid? CorrelationId => _row.CorrelationId;
    public Guid? ConversationId => _row.ConversationId;
    public Guid? InitiatorId => _row.InitiatorId;
    public DateTime? ExpirationTime => null;
    public Uri? SourceAddress => _row.SourceAddress is { } address ? new Uri(address) : null;
    public Uri DestinationAddress => new(_row.Destination);
    public Uri? ResponseAddress => null;
    public Uri? FaultAddress => null;
    public DateTime? SentTime => null;
    public Headers Headers { get; }
    public HostInfo Host => HostMetadataCache.Host;
}
