using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Persistence.Migrations;

[DbContext(typeof(RouterDbContext))]
[Migration("20261123000500_Captures")]
internal sealed class Captures() : ServiceMigration(RouterDbContext.Service)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var schema = SchemaName(migrationBuilder);
        var captures = TableName(migrationBuilder, "captures");
        migrationBuilder.CreateTable(captures, schema: schema, columns: table => new
        {
            id = table.Column<Guid>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            environment_id = table.Column<Guid>(nullable: false),
            at = table.Column<DateTimeOffset>(nullable: false),
            path = table.Column<string>(nullable: false),
            media_type = table.Column<string>(nullable: false),
            request = table.Column<string>(nullable: false),
            status = table.Column<int>(nullable: false),
            answer = table.Column<string>(nullable: true),
            expires_at = table.Column<DateTimeOffset>(nullable: false),
            pinned = table.Column<bool>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{captures}", row => row.id));
        migrationBuilder.CreateIndex($"ix_{captures}_endpoint_at", captures, ["endpoint", "at"], schema);
        migrationBuilder.CreateIndex($"ix_{captures}_environment_id", captures, "environment_id", schema);

        var policies = TableName(migrationBuilder, "capture_policies");
        migrationBuilder.CreateTable(policies, schema: schema, columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            revision = table.Column<long>(nullable: false),
            policy = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{policies}", row => row.endpoint));
    }
}
