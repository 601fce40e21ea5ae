using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Orchestrator.Persistence.Migrations;

/// <summary>Model versions that were rolled back and cannot be promoted automatically.</summary>
[DbContext(typeof(OrchestratorDbContext))]
[Migration("20261123000060_VersionBlocks")]
internal sealed class VersionBlocks() : ServiceMigration(OrchestratorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<string>(
        "blocks", TableName(migrationBuilder, "endpoints"), schema: SchemaName(migrationBuilder), nullable: false, defaultValue: "[]");
}
