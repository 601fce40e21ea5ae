using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Validator.Evidence;

/// <summary>One validation of one deployment.</summary>
internal sealed class JudgementRow
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Fingerprint { get; init; }
    public required DateTimeOffset JudgedAt { get; init; }
    public required bool Passed { get; init; }

    /// <summary>The gates as they were asked for, JSON.</summary>
    public required string Policy { get; init; }

    /// <summary>SHA-256 of <see cref="Policy"/>.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Bytes of all of its evidence.</summary>
    public required long Bytes { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<JudgementRow>
    {
        public void Configure(EntityTypeBuilder<JudgementRow> builder)
        {
            builder.ToTable("judgements").HasKey(row => new { row.DeploymentId, row.Attempt });
            builder.HasIndex(row => row.JudgedAt);
            builder.HasIndex(row => new { row.Endpoint, row.JudgedAt });
        }
    }
}
