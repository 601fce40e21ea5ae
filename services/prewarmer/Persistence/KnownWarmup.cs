using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Prewarmer.Persistence;

/// <summary>How an environment was warmed: so will be each of its replicas that is started again.</summary>
internal sealed class KnownWarmup
{
    public required Guid EnvironmentId { get; init; }

    /// <summary>The saga's last command, JSON.</summary>
    public required string Command { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<KnownWarmup>
    {
        public void Configure(EntityTypeBuilder<KnownWarmup> builder) => builder.ToTable("known_warmups").HasKey(row => row.EnvironmentId);
    }
}
