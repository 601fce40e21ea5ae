using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Persistence.Migrations;

/// <summary>Where marks of ours have stood in load balancers. Begins empty: the marks that stand there now are seen within seconds.</summary>
[DbContext(typeof(RouterDbContext))]
[Migration("20261123000802_DriverPlaces")]
internal sealed class DriverPlaces() : ServiceMigration(RouterDbContext.Service)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var places = TableName(migrationBuilder, "driver_places");
        migrationBuilder.CreateTable(places, schema: SchemaName(migrationBuilder), columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            place = table.Column<string>(nullable: false),
            seen_by = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{places}", row => new { row.endpoint, row.place }));
    }
}
