using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Persistence.Migrations;

/// <summary>
/// The plan by which traffic moves since the last switch, and since when the endpoint is fenced. Steps that are under way go on: their plan is
/// the policy's, and replicas read it because the version says that the row has changed.
/// </summary>
[DbContext(typeof(RouterDbContext))]
[Migration("20261123000801_RoutePlans")]
internal sealed class RoutePlans() : ServiceMigration(RouterDbContext.Service)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var (schema, routes) = (SchemaName(migrationBuilder), TableName(migrationBuilder, "routes"));
        migrationBuilder.AddColumn<string>("shift", routes, schema: schema, nullable: true);
        migrationBuilder.AddColumn<long>("fenced_since", routes, schema: schema, nullable: false, defaultValue: 0L);
        var (table, plan) = schema is null
            ? (routes, "json_extract(settings, '$.traffic.shift')")
            : ($"{schema}.{routes}", "settings::json #>> '{traffic,shift}'");
        migrationBuilder.Sql($"UPDATE {table} SET shift = {plan}, version = version + 1 WHERE standby IS NOT NULL AND {plan} IS NOT NULL");
    }
}
