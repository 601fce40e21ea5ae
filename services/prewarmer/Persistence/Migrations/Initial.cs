using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Prewarmer.Persistence.Migrations;

[DbContext(typeof(PrewarmerDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(PrewarmerService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder) => CreatePlatformTables(migrationBuilder);
}
