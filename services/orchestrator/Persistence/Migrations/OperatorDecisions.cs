using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Orchestrator.Persistence.Migrations;

/// <summary>Approvals, the deadline of the whole deployment, and ends that somebody decided on.</summary>
[DbContext(typeof(OrchestratorDbContext))]
[Migration("20261123000010_OperatorDecisions")]
internal sealed class OperatorDecisions() : ServiceMigration(OrchestratorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var (name, schema) = (TableName(migrationBuilder, "deployments"), SchemaName(migrationBuilder));
        migrationBuilder.AddColumn<string>("approvals", name, schema: schema, nullable: false, defaultValue: "[]");
        migrationBuilder.AddColumn<DateTimeOffset>("expires_at", name, schema: schema, nullable: true);
        migrationBuilder.AddColumn<string>("ends_as", name, schema: schema, nullable: true);
        migrationBuilder.AddColumn<Guid>("overtaken_by", name, schema: schema, nullable: true);
    }
}
