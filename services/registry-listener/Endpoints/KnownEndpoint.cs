using System.Text.Json;
using BlueGreen.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.RegistryListener.Endpoints;

/// <summary>What this service needs to know of an endpoint's policy: its own copy, kept up by <c>EndpointConfigured</c>.</summary>
internal sealed class KnownEndpoint
{
    public required string Name { get; init; }

    /// <summary>Promotions of this stage are for the endpoint.</summary>
    public required string PromotionStage { get; set; }

    /// <summary>Models of registries that are for the endpoint under other names or by other marks.</summary>
    public IReadOnlyList<RegistryRule> Registries { get; set; } = [];

    /// <summary>Counts up with every change of the policy.</summary>
    public required long Revision { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<KnownEndpoint>
    {
        public void Configure(EntityTypeBuilder<KnownEndpoint> builder)
        {
            builder.ToTable("endpoints");
            builder.HasKey(endpoint => endpoint.Name);
            builder.Property(endpoint => endpoint.Registries).HasConversion(
                rules => JsonSerializer.Serialize(rules, JsonSerializerOptions.Web),
                text => JsonSerializer.Deserialize<List<RegistryRule>>(text, JsonSerializerOptions.Web)!,
                new ValueComparer<IReadOnlyList<RegistryRule>>((left, right) => ReferenceEquals(left, right), rules => rules.Count, rules => rules));
            // Two revisions consumed at once: the second to commit is run again and sees the first.
            builder.Property(endpoint => endpoint.Revision).IsConcurrencyToken();
        }
    }
}
