using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Platform.Messaging;

/// <summary>A message that was decided in a transaction and is to be sent after it; a scheduled one is due later.</summary>
internal sealed class OutboxMessage
{
    public long Sequence { get; init; }
    public Guid MessageId { get; init; }
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Set on scheduled messages: cancelling is deleting by this token, in the transaction that decides so.</summary>
    public Guid? ScheduleToken { get; init; }
    public required string Destination { get; init; }
    public required string ContentType { get; init; }
    public required string MessageTypes { get; init; }
    public required string Body { get; init; }
    public string? Headers { get; init; }
    public string? Properties { get; set; }
    public Guid? ConversationId { get; init; }
    public Guid? CorrelationId { get; init; }
    public Guid? InitiatorId { get; init; }
    public string? SourceAddress { get; init; }

    /// <summary>Failed sends so far; each one backs the row off without holding up its neighbours.</summary>
    public int Attempts { get; set; }
    public string? LastError { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Embedded bus only: handed to queues that die with the process, kept until it is consumed.</summary>
    public DateTimeOffset? SentAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OutboxMessage>
    {
        public void Configure(EntityTypeBuilder<OutboxMessage> builder)
        {
            builder.ToTable("outbox");
            builder.HasKey(row => row.Sequence);
            builder.Property(row => row.Sequence).ValueGeneratedOnAdd();
            builder.HasIndex(row => new { row.DueAt, row.Sequence });
            builder.HasIndex(row => row.MessageId).IsUnique();
            builder.HasIndex(row => row.ScheduleToken);
        }
    }
}
