using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Orchestrator.Persistence.Migrations;

[DbContext(typeof(OrchestratorDbContext))]
[Migration("20261123000020_Faults")]
internal sealed class Faults() : ServiceMigration(OrchestratorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var name = TableName(migrationBuilder, "faults");
        var schema = SchemaName(migrationBuilder);
        migrationBuilder.CreateTable(name, schema: schema, columns: table => new
        {
            id = table.Column<Guid>(nullable: false),
            state = table.Column<string>(nullable: false),
            kind = table.Column<string>(nullable: false),
            service = table.Column<string>(nullable: false),
            queue = table.Column<string>(nullable: false),
            message_id = table.Column<Guid>(nullable: true),
            message_type = table.Column<string>(nullable: false),
            content_type = table.Column<string>(nullable: false),
            body = table.Column<byte[]>(nullable: false),
            headers = table.Column<string>(nullable: false),
            deployment_id = table.Column<Guid>(nullable: true),
            endpoint = table.Column<string>(nullable: true),
            stage = table.Column<string>(nullable: true),
            attempt = table.Column<int>(nullable: true),
            exception_type = table.Column<string>(nullable: false),
            exception_message = table.Column<string>(nullable: false),
            stack_trace = table.Column<string>(nullable: true),
            trace_id = table.Column<string>(nullable: true),
            faulted_at = table.Column<DateTimeOffset>(nullable: false),
            settled_at = table.Column<DateTimeOffset>(nullable: true),
            settled_by = table.Column<string>(nullable: true),
            settled_reason = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.id));
        migrationBuilder.CreateIndex($"ix_{name}_state_faulted_at", name, ["state", "faulted_at"], schema);
        migrationBuilder.CreateIndex($"ix_{name}_deployment_id", name, "deployment_id", schema);
    }
}
