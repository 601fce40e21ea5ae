using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Prewarmer.Persistence.Migrations;

[DbContext(typeof(PrewarmerDbContext))]
[Migration("20261123150000_KnownWarmups")]
internal sealed class KnownWarmups() : ServiceMigration(PrewarmerService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var warmups = TableName(migrationBuilder, "known_warmups");
        migrationBuilder.CreateTable(warmups, schema: SchemaName(migrationBuilder), columns: table => new
        {
            environment_id = table.Column<Guid>(nullable: false),
            command = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{warmups}", row => row.environment_id));
    }
}
