using BlueGreen.Orchestrator.Blobs;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace BlueGreen.Orchestrator.Persistence.Migrations;

[DbContext(typeof(OrchestratorDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(OrchestratorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePlatformTables(migrationBuilder);
        CreateDeployments(migrationBuilder);
        CreateHistory(migrationBuilder);
        EndpointTables.Create(migrationBuilder, table => TableName(migrationBuilder, table), SchemaName(migrationBuilder));
        BlobTables.Create(migrationBuilder, table => TableName(migrationBuilder, table), SchemaName(migrationBuilder));
    }

    private void CreateDeployments(MigrationBuilder migrationBuilder)
    {
        var name = TableName(migrationBuilder, "deployments");
        migrationBuilder.CreateTable(name, schema: SchemaName(migrationBuilder), columns: table => new
        {
            correlation_id = table.Column<Guid>(nullable: false),
            current_state = table.Column<string>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            model = table.Column<string>(nullable: false),
            version = table.Column<string>(nullable: false),
            artifact = table.Column<string>(nullable: false),
            source = table.Column<string>(nullable: false),
            promoted_by = table.Column<string>(nullable: true),
            promoted_at = table.Column<DateTimeOffset>(nullable: false),
            plan = table.Column<string>(nullable: true),
            policy_hash = table.Column<string>(nullable: true),
            environment_id = table.Column<Guid>(nullable: false),
            fingerprint = table.Column<string>(nullable: true),
            green = table.Column<string>(nullable: true),
            blue = table.Column<string>(nullable: true),
            blue_deployment_id = table.Column<Guid>(nullable: true),
            expected_epoch = table.Column<long>(nullable: false),
            switch_epoch = table.Column<long>(nullable: true),
            switched_at = table.Column<DateTimeOffset>(nullable: true),
            convergence_milliseconds = table.Column<double>(nullable: true),
            reverted_at = table.Column<DateTimeOffset>(nullable: true),
            superseded_by = table.Column<Guid>(nullable: true),
            attempt = table.Column<int>(nullable: false),
            deadline_token = table.Column<Guid>(nullable: true),
            failed_stage = table.Column<string>(nullable: true),
            reason = table.Column<string>(nullable: true),
            ended_at = table.Column<DateTimeOffset>(nullable: true),
            work_milliseconds = table.Column<double>(nullable: false),
            waited_milliseconds = table.Column<double>(nullable: false),
            stages = table.Column<string>(nullable: false),
            gates = table.Column<string>(nullable: false),
            bake_metrics = table.Column<string>(nullable: false),
            warmth = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.correlation_id));
        migrationBuilder.CreateIndex(
            $"ix_{name}_endpoint_promoted_at", name, ["endpoint", "promoted_at"], SchemaName(migrationBuilder));
    }

    private void CreateHistory(MigrationBuilder migrationBuilder)
    {
        var name = TableName(migrationBuilder, "history");
        var schema = SchemaName(migrationBuilder);
        migrationBuilder.CreateTable(name, schema: schema, columns: table => new
        {
            sequence = table.Column<long>(nullable: false)
                .Annotation("Sqlite:Autoincrement", true)
                .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            at = table.Column<DateTimeOffset>(nullable: false),
            endpoint = table.Column<string>(nullable: true),
            deployment_id = table.Column<Guid>(nullable: true),
            kind = table.Column<string>(nullable: false),
            state = table.Column<string>(nullable: true),
            summary = table.Column<string>(nullable: false),
            actor = table.Column<string>(nullable: true),
            data = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.sequence));
        migrationBuilder.CreateIndex($"ix_{name}_deployment_id", name, "deployment_id", schema);
        migrationBuilder.CreateIndex($"ix_{name}_endpoint", name, "endpoint", schema);
    }
}
