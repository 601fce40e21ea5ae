using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Validator.Evidence;

/// <summary>What one bake saw.</summary>
internal sealed class BakeRow
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required DateTimeOffset LookedAt { get; set; }

    /// <summary>Of <see cref="Document"/>.</summary>
    public required long Bytes { get; set; }

    /// <summary>JSON, gzip.</summary>
    public required byte[] Document { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<BakeRow>
    {
        public void Configure(EntityTypeBuilder<BakeRow> builder)
        {
            builder.ToTable("bakes").HasKey(row => new { row.DeploymentId, row.Attempt });
            builder.HasIndex(row => row.LookedAt);
        }
    }
}
