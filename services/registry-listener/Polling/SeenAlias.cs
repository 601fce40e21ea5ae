using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.RegistryListener.Polling;

/// <summary>
/// Where a promoting alias was seen last, by webhook or poll. An alias is a pointer of its own: that it is elsewhere than the last promotion
/// says nothing, that it moved does.
/// </summary>
internal sealed class SeenAlias
{
    public required string Source { get; init; }

    /// <summary>The registry's own name of the model.</summary>
    public required string Model { get; init; }
    public required string Alias { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>Empty: the model was seen without it.</summary>
    public required string Version { get; set; }

    /// <summary>By the registry's clock where it said so.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>Counts up with every sighting that was written.</summary>
    public required long Revision { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SeenAlias>
    {
        public void Configure(EntityTypeBuilder<SeenAlias> builder)
        {
            builder.ToTable("seen_aliases");
            builder.HasKey(seen => new { seen.Source, seen.Model, seen.Alias, seen.Endpoint });
            // Two processes that see it move at once: the second to commit is run again and finds it seen.
            builder.Property(seen => seen.Revision).IsConcurrencyToken();
        }
    }
}
