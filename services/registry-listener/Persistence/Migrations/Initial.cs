using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.RegistryListener.Persistence.Migrations;

[DbContext(typeof(RegistryListenerDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(RegistryListenerService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePlatformTables(migrationBuilder);
        var schema = SchemaName(migrationBuilder);

        var deliveries = TableName(migrationBuilder, "deliveries");
        migrationBuilder.CreateTable(deliveries, schema: schema, columns: table => new
        {
            source = table.Column<string>(nullable: false),
            delivery_id = table.Column<string>(nullable: false),
            body_sha256 = table.Column<string>(nullable: false),
            received_at = table.Column<DateTimeOffset>(nullable: false),
            endpoint = table.Column<string>(nullable: true),
            deployment_id = table.Column<Guid>(nullable: true),
            ignored_because = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{deliveries}", row => new { row.source, row.delivery_id }));
        migrationBuilder.CreateIndex($"ix_{deliveries}_received_at", deliveries, "received_at", schema);

        var endpoints = TableName(migrationBuilder, "endpoints");
        migrationBuilder.CreateTable(endpoints, schema: schema, columns: table => new
        {
            name = table.Column<string>(nullable: false),
            promotion_stage = table.Column<string>(nullable: false),
            revision = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{endpoints}", row => row.name));
    }
}
