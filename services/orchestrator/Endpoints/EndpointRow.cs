using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>
/// One endpoint: its policy, its slot, and what is live there. The policy's columns are written by the policy API alone,
/// the others by the saga alone.
/// </summary>
internal sealed class EndpointRow
{
    public required string Name { get; init; }

    /// <summary>The policy as its author wrote it, YAML or JSON.</summary>
    public required string PolicyText { get; set; }

    /// <summary>The policy with every default filled in, see <see cref="Policies.PolicyJson"/>.</summary>
    public required string PolicyJson { get; set; }

    /// <summary>SHA-256 of <see cref="PolicyJson"/>.</summary>
    public required string PolicyHash { get; set; }

    /// <summary>1 for the first policy, then counting up with every change.</summary>
    public required long Revision { get; set; }

    /// <summary>Path prefix that clients call. No two endpoints have the same.</summary>
    public required string Path { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Epoch of the route as last heard from the router; 0 before the first switch.</summary>
    public long Epoch { get; set; }
    public Guid? LiveDeploymentId { get; set; }
    public Guid? LiveEnvironmentId { get; set; }

    /// <summary>The live <see cref="Contracts.Fleet"/> as JSON.</summary>
    public string? LiveFleet { get; set; }

    /// <summary>The slot: the deployment that holds the endpoint, to its end state.</summary>
    public Guid? HolderDeploymentId { get; set; }

    /// <summary>The newest promotion that waits for the slot.</summary>
    public Guid? WaitingDeploymentId { get; set; }
    public DateTimeOffset? WaitingPromotedAt { get; set; }

    /// <summary>What was rolled back, a list of <see cref="Orchestrator.Blocks.VersionBlock"/> as JSON.</summary>
    public string Blocks { get; set; } = "[]";

    internal sealed class Mapping : IEntityTypeConfiguration<EndpointRow>
    {
        public void Configure(EntityTypeBuilder<EndpointRow> builder)
        {
            builder.ToTable("endpoints");
            builder.HasKey(row => row.Name);
            builder.HasIndex(row => row.Path).IsUnique();
        }
    }
}
