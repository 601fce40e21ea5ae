using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.RegistryListener.Endpoints;

/// <summary>What this service needs to know of an endpoint's policy: its own copy, kept up by <c>EndpointConfigured</c>.</summary>
internal sealed class KnownEndpoint
{
    public required string Name { get; init; }

    /// <summary>Promotions of this stage are for the endpoint.</summary>
    public required string PromotionStage { get; set; }

    /// <summary>Counts up with every change of the policy.</summary>
    public required long Revision { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<KnownEndpoint>
    {
        public void Configure(EntityTypeBuilder<KnownEndpoint> builder)
        {
            builder.ToTable("endpoints");
            builder.HasKey(endpoint => endpoint.Name);
            // Two revisions consumed at once: the second to commit is run again and sees the first.
            builder.Property(endpoint => endpoint.Revision).IsConcurrencyToken();
        }
    }
}
