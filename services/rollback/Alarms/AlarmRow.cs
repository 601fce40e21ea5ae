using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Rollback.Alarms;

/// <summary>One firing of an alarm, for one endpoint or none, and the last decision on it: repetitions are told from news by it.</summary>
internal sealed class AlarmRow
{
    /// <summary>See <see cref="AlarmKey.OfRecord"/>.</summary>
    public required string Key { get; init; }
    public required string Source { get; init; }
    public required string Name { get; init; }
    public string? Endpoint { get; init; }
    public Guid? DeploymentId { get; set; }
    public required string Decision { get; set; }

    /// <summary>The deployment that this firing reverted.</summary>
    public Guid? RevertedDeploymentId { get; set; }
    public required DateTimeOffset FirstReceivedAt { get; init; }
    public required DateTimeOffset LastReceivedAt { get; set; }

    /// <summary>How often it was received.</summary>
    public required long Times { get; set; }

    /// <summary>Whether it fires, as far as was told.</summary>
    public bool IsFiring { get; set; }

    /// <summary>The <see cref="AlarmSeries"/> as JSON; empty in rows of before it was kept.</summary>
    public string Series { get; set; } = "";

    internal sealed class Mapping : IEntityTypeConfiguration<AlarmRow>
    {
        public void Configure(EntityTypeBuilder<AlarmRow> builder)
        {
            builder.ToTable("alarms");
            builder.HasKey(row => row.Key);
            builder.HasIndex(row => row.LastReceivedAt);
            // Two repetitions at once: the second to commit is run again and sees the first.
            builder.Property(row => row.Times).IsConcurrencyToken();
        }
    }
}
