using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Persistence.Migrations;

/// <summary>
/// What the policy asks of the router, the preview, strict switches, and the route's own memory. The memory of routes from before begins
/// empty: the tables of vetoes and switches, which decide, have theirs.
/// </summary>
[DbContext(typeof(RouterDbContext))]
[Migration("20261123000002_RoutePolicies")]
internal sealed class RoutePolicies() : ServiceMigration(RouterDbContext.Service)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var schema = SchemaName(migrationBuilder);
        var routes = TableName(migrationBuilder, "routes");
        migrationBuilder.AddColumn<string>("candidate", routes, schema: schema, nullable: true);
        migrationBuilder.AddColumn<Guid>("candidate_id", routes, schema: schema, nullable: true);
        migrationBuilder.AddColumn<string>("preparing", routes, schema: schema, nullable: true);
        migrationBuilder.AddColumn<string>("settings", routes, schema: schema, nullable: false, defaultValue: "{}");
        migrationBuilder.AddColumn<string>("memory", routes, schema: schema, nullable: false, defaultValue: "{}");
        migrationBuilder.AddColumn<double>("held_milliseconds", TableName(migrationBuilder, "acknowledgements"), schema: schema, nullable: true);
    }
}
