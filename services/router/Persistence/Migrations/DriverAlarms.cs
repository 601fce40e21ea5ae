using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Persistence.Migrations;

/// <summary>What people were told of load balancers that somebody else had changed.</summary>
[DbContext(typeof(RouterDbContext))]
[Migration("20261123000700_DriverAlarms")]
internal sealed class DriverAlarms() : ServiceMigration(RouterDbContext.Service)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var alarms = TableName(migrationBuilder, "driver_alarms");
        migrationBuilder.CreateTable(alarms, schema: SchemaName(migrationBuilder), columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            kind = table.Column<string>(nullable: false),
            word = table.Column<string>(nullable: false),
            raised_by = table.Column<string>(nullable: false),
            raised_at = table.Column<DateTimeOffset>(nullable: false),
            cleared_at = table.Column<DateTimeOffset>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{alarms}", row => new { row.endpoint, row.kind }));
    }
}
