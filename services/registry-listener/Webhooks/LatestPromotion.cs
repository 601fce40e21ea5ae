using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>The newest promotion of a registered model to an endpoint, by the registry's clock: what is older than it came late.</summary>
internal sealed class LatestPromotion
{
    public required string Endpoint { get; init; }
    public required string Source { get; init; }

    /// <summary>The registry's own name of the model.</summary>
    public required string Model { get; init; }
    public required string Version { get; set; }
    public required DateTimeOffset OccurredAt { get; set; }
    public required Guid DeploymentId { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LatestPromotion>
    {
        public void Configure(EntityTypeBuilder<LatestPromotion> builder)
        {
            builder.ToTable("latest_promotions");
            builder.HasKey(latest => new { latest.Endpoint, latest.Source, latest.Model });
            // Two processes that accept at once: the second to commit is run again and sees the first.
            builder.Property(latest => latest.DeploymentId).IsConcurrencyToken();
        }
    }
}
