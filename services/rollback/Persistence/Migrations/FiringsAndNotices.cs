using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Rollback.Persistence.Migrations;

/// <summary>What must be known of a firing after a restart, and who is told of an endpoint's rollbacks.</summary>
[DbContext(typeof(RollbackDbContext))]
[Migration("20261123000030_FiringsAndNotices")]
internal sealed class FiringsAndNotices() : ServiceMigration(RollbackService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var schema = SchemaName(migrationBuilder);
        var alarms = TableName(migrationBuilder, "alarms");
        migrationBuilder.AddColumn<bool>("is_firing", alarms, schema: schema, nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<string>("series", alarms, schema: schema, nullable: false, defaultValue: "");
        migrationBuilder.AddColumn<string>(
            "notify", TableName(migrationBuilder, "endpoints"), schema: schema, nullable: false, defaultValue: "[]");
    }
}
