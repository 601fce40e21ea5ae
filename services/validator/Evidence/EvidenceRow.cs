using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Validator.Evidence;

/// <summary>What one gate judged.</summary>
internal sealed class EvidenceRow
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Gate { get; init; }

    /// <summary>In the order in which gates were told.</summary>
    public required int Place { get; init; }

    /// <summary>JSON, gzip.</summary>
    public required byte[] Document { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<EvidenceRow>
    {
        public void Configure(EntityTypeBuilder<EvidenceRow> builder) =>
            builder.ToTable("evidence").HasKey(row => new { row.DeploymentId, row.Attempt, row.Gate });
    }
}
