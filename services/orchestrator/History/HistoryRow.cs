using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Orchestrator.History;

/// <summary>One thing that happened, written in the transaction that made it so and never changed.</summary>
internal sealed class HistoryRow
{
    public long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Endpoint { get; init; }
    public Guid? DeploymentId { get; init; }

    /// <summary><c>promoted</c>, <c>stage-started</c>, <c>stage-ended</c>, <c>switched</c>, <c>reverted</c>, <c>alarm</c>,
    /// <c>aborted</c>, <c>blocked</c>, <c>unblocked</c>,
    /// <c>approved</c>, <c>rejected</c>, <c>cancelled</c>, <c>overtaken</c>, <c>note</c>, <c>ended</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The deployment's state after it.</summary>
    public string? State { get; init; }
    public required string Summary { get; init; }

    /// <summary>On whose word.</summary>
    public string? Actor { get; init; }

    /// <summary>The evidence, as JSON.</summary>
    public string? Data { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<HistoryRow>
    {
        public void Configure(EntityTypeBuilder<HistoryRow> builder)
        {
            builder.ToTable("history");
            builder.HasKey(row => row.Sequence);
            builder.Property(row => row.Sequence).ValueGeneratedOnAdd();
            builder.HasIndex(row => row.DeploymentId);
            builder.HasIndex(row => row.Endpoint);
        }
    }
}
