using BlueGreen.Orchestrator.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Orchestrator.Persistence;

internal sealed class DeploymentMapping : IEntityTypeConfiguration<Deployment>
{
    public void Configure(EntityTypeBuilder<Deployment> builder)
    {
        builder.ToTable("deployments");
        builder.HasKey(row => row.CorrelationId);
        builder.Property(row => row.CorrelationId).ValueGeneratedNever();
        builder.Property(row => row.Artifact).IsJson();
        builder.Property(row => row.Plan).IsJson();
        builder.Property(row => row.Green).IsJson();
        builder.Property(row => row.Blue).IsJson();
        builder.Property(row => row.Stages).IsJson();
        builder.Property(row => row.Approvals).IsJson();
        builder.Property(row => row.Gates).IsJson();
        builder.Property(row => row.BakeMetrics).IsJson();
        builder.Property(row => row.Warmth).IsJson();
        builder.Ignore(row => row.OverheadMilliseconds);
        builder.HasIndex(row => new { row.Endpoint, row.PromotedAt });
    }
}
