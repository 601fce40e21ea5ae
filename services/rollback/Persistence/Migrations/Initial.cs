using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Rollback.Persistence.Migrations;

[DbContext(typeof(RollbackDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(RollbackService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePlatformTables(migrationBuilder);
        var schema = SchemaName(migrationBuilder);

        var alarms = TableName(migrationBuilder, "alarms");
        migrationBuilder.CreateTable(alarms, schema: schema, columns: table => new
        {
            key = table.Column<string>(nullable: false),
            source = table.Column<string>(nullable: false),
            name = table.Column<string>(nullable: false),
            endpoint = table.Column<string>(nullable: true),
            deployment_id = table.Column<Guid>(nullable: true),
            decision = table.Column<string>(nullable: false),
            reverted_deployment_id = table.Column<Guid>(nullable: true),
            first_received_at = table.Column<DateTimeOffset>(nullable: false),
            last_received_at = table.Column<DateTimeOffset>(nullable: false),
            times = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{alarms}", row => row.key));
        migrationBuilder.CreateIndex($"ix_{alarms}_last_received_at", alarms, "last_received_at", schema);

        var endpoints = TableName(migrationBuilder, "endpoints");
        migrationBuilder.CreateTable(endpoints, schema: schema, columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            revision = table.Column<long>(nullable: false),
            alarms = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{endpoints}", row => row.endpoint));
    }
}
