using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Context;

namespace BlueGreen.Platform.Messaging;

/// <summary>Turns a send that MassTransit prepared into a row.</summary>
internal static class OutboxRows
{
    /// <summary>Prefix of an address that only one queue is bound to.</summary>
    public const string OneQueue = "exchange:";

    public static void Add<T>(ServiceDbContext db, SendContext<T> context, IObjectDeserializer serializer, TimeProvider clock)
        where T : class
    {
        var now = clock.GetUtcNow();
        db.WroteOutbox = true;
        db.Outbox.Add(new OutboxMessage
        {
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "An outbox message needs a MessageId"),
            DueAt = context.Delay is { } delay ? now + delay : now,
            ScheduleToken = context.ScheduledMessageId,
            Destination = context.DestinationAddress!.ToString(),
            ContentType = context.ContentType?.ToString() ?? context.Serialization.DefaultContentType.ToString(),
            MessageTypes = string.Join(';', context.SupportedMessageTypes),
            Body = context.Serializer.GetMessageBody(context).GetString(),
            Headers = serializer.SerializeDictionary(context.Headers.GetAll()),
            Properties = TransportProperties(context, serializer),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            SourceAddress = context.SourceAddress?.ToString(),
            CreatedAt = now,
        });
    }

    /// <summary>Addressed to one queue: the others have had the message.</summary>
    public static void AddAgain(ServiceDbContext db, StoredMessage message, string queue, Guid messageId, DateTimeOffset now) =>
        db.Outbox.Add(new OutboxMessage
        {
            MessageId = messageId,
            DueAt = now,
            Destination = OneQueue + queue,
            ContentType = StoredMessage.ContentType,
            MessageTypes = string.Join(';', message.Types),
            Body = message.Body,
            Headers = message.Headers,
            ConversationId = message.ConversationId,
            CorrelationId = message.CorrelationId,
            CreatedAt = now,
        });

    private static string? TransportProperties<T>(SendContext<T> context, IObjectDeserializer serializer) where T : class
    {
        if (context is not TransportSendContext<T> transport) return null;
        var properties = new Dictionary<string, object>();
        transport.WritePropertiesTo(properties);
        // The delay is the row's due time; left in, the dispatcher would send to the broker's delayed exchange as well.
        properties.Remove("Delay");
        return properties.Count == 0 ? null : serializer.SerializeDictionary(properties);
    }
}
