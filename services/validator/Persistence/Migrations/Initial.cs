using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Validator.Persistence.Migrations;

[DbContext(typeof(ValidatorDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(ValidatorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder) => CreatePlatformTables(migrationBuilder);
}
