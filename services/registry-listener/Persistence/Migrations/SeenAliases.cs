using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.RegistryListener.Persistence.Migrations;

[DbContext(typeof(RegistryListenerDbContext))]
[Migration("20261123000030_SeenAliases")]
internal sealed class SeenAliases() : ServiceMigration(RegistryListenerService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var seen = TableName(migrationBuilder, "seen_aliases");
        migrationBuilder.CreateTable(seen, schema: SchemaName(migrationBuilder), columns: table => new
        {
            source = table.Column<string>(nullable: false),
            model = table.Column<string>(nullable: false),
            alias = table.Column<string>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            version = table.Column<string>(nullable: false),
            seen_at = table.Column<DateTimeOffset>(nullable: false),
            revision = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{seen}", row => new { row.source, row.model, row.alias, row.endpoint }));
    }
}
