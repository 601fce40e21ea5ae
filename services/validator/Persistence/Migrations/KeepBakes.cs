using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Validator.Persistence.Migrations;

[DbContext(typeof(ValidatorDbContext))]
[Migration("20261123150000_KeepBakes")]
internal sealed class KeepBakes() : ServiceMigration(ValidatorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var schema = SchemaName(migrationBuilder);
        var bakes = TableName(migrationBuilder, "bakes");
        migrationBuilder.CreateTable(bakes, schema: schema, columns: table => new
        {
            deployment_id = table.Column<Guid>(nullable: false),
            attempt = table.Column<int>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            looked_at = table.Column<DateTimeOffset>(nullable: false),
            bytes = table.Column<long>(nullable: false),
            document = table.Column<byte[]>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{bakes}", row => new { row.deployment_id, row.attempt }));
        migrationBuilder.CreateIndex($"ix_{bakes}_looked_at", bakes, "looked_at", schema);
    }
}
