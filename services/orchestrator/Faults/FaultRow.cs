using BlueGreen.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>What an operator may do about a fault, or has done.</summary>
internal enum FaultState
{
    Open,
    Replayed,
    Discarded,
}

/// <summary>A message or work item that was given up, wherever in the platform: the operators' one list of what went wrong.</summary>
internal sealed class FaultRow
{
    public Guid Id { get; init; }
    public FaultState State { get; set; }
    public FaultKind Kind { get; init; }
    public required string Service { get; init; }
    public required string Queue { get; init; }
    public Guid? MessageId { get; init; }
    public required string MessageType { get; init; }
    public required string ContentType { get; init; }

    /// <summary>The bytes as they came.</summary>
    public required byte[] Body { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public Guid? DeploymentId { get; init; }
    public string? Endpoint { get; init; }
    public string? Stage { get; init; }
    public int? Attempt { get; init; }
    public required string ExceptionType { get; init; }
    public required string ExceptionMessage { get; init; }
    public string? StackTrace { get; init; }
    public string? TraceId { get; init; }
    public DateTimeOffset FaultedAt { get; init; }

    /// <summary>When, by whom and why it was replayed or discarded.</summary>
    public DateTimeOffset? SettledAt { get; set; }
    public string? SettledBy { get; set; }
    public string? SettledReason { get; set; }

    public void Settle(FaultState state, string by, string? reason, DateTimeOffset at)
    {
        State = state;
        SettledAt = at;
        SettledBy = by;
        SettledReason = reason;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<FaultRow>
    {
        public void Configure(EntityTypeBuilder<FaultRow> builder)
        {
            builder.ToTable("faults");
            builder.HasKey(row => row.Id);
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.Property(row => row.State).HasConversion<string>();
            builder.Property(row => row.Kind).HasConversion<string>();
            Persistence.JsonColumns.IsJson(builder.Property(row => row.Headers));
            builder.HasIndex(row => new { row.State, row.FaultedAt });
            builder.HasIndex(row => row.DeploymentId);
        }
    }
}
