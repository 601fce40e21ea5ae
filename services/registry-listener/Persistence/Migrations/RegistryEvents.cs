using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.RegistryListener.Persistence.Migrations;

[DbContext(typeof(RegistryListenerDbContext))]
[Migration("20261123000020_RegistryEvents")]
internal sealed class RegistryEvents() : ServiceMigration(RegistryListenerService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var schema = SchemaName(migrationBuilder);
        var deliveries = TableName(migrationBuilder, "deliveries");
        migrationBuilder.AddColumn<string>("model", deliveries, schema: schema, nullable: true);
        migrationBuilder.AddColumn<string>("version", deliveries, schema: schema, nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("occurred_at", deliveries, schema: schema, nullable: true);
        migrationBuilder.AddColumn<string>("registries", TableName(migrationBuilder, "endpoints"), schema: schema, nullable: false, defaultValue: "[]");

        migrationBuilder.CreateIndex($"ix_{deliveries}_deployment_id", deliveries, "deployment_id", schema);

        var latest = TableName(migrationBuilder, "latest_promotions");
        migrationBuilder.CreateTable(latest, schema: schema, columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            source = table.Column<string>(nullable: false),
            model = table.Column<string>(nullable: false),
            version = table.Column<string>(nullable: false),
            occurred_at = table.Column<DateTimeOffset>(nullable: false),
            deployment_id = table.Column<Guid>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{latest}", row => new { row.endpoint, row.source, row.model }));
    }
}
