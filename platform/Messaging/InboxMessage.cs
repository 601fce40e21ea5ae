using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Platform.Messaging;

/// <summary>A message that this service's consumer has handled, committed together with what it did.</summary>
internal sealed class InboxMessage
{
    public Guid MessageId { get; init; }
    public Guid ConsumerId { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<InboxMessage>
    {
        public void Configure(EntityTypeBuilder<InboxMessage> builder)
        {
            builder.ToTable("inbox");
            builder.HasKey(row => new { row.MessageId, row.ConsumerId });
            builder.HasIndex(row => row.ReceivedAt);
        }
    }
}
