using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>The table of <see cref="EndpointRow"/>, for the service's first migration.</summary>
internal static class EndpointTables
{
    /// <param name="migration">The migration under way.</param>
    /// <param name="table">Gives a table's name on the provider at hand.</param>
    /// <param name="schema">The service's schema, or null where there are none.</param>
    public static void Create(MigrationBuilder migration, Func<string, string> table, string? schema)
    {
        var name = table("endpoints");
        migration.CreateTable(name, schema: schema, columns: columns => new
        {
            name = columns.Column<string>(nullable: false),
            policy_text = columns.Column<string>(nullable: false),
            policy_json = columns.Column<string>(nullable: false),
            policy_hash = columns.Column<string>(nullable: false),
            revision = columns.Column<long>(nullable: false),
            path = columns.Column<string>(nullable: false),
            updated_at = columns.Column<DateTimeOffset>(nullable: false),
            epoch = columns.Column<long>(nullable: false),
            live_deployment_id = columns.Column<Guid>(nullable: true),
            live_environment_id = columns.Column<Guid>(nullable: true),
            live_fleet = columns.Column<string>(nullable: true),
            holder_deployment_id = columns.Column<Guid>(nullable: true),
            waiting_deployment_id = columns.Column<Guid>(nullable: true),
            waiting_promoted_at = columns.Column<DateTimeOffset>(nullable: true),
        }, constraints: constraints => constraints.PrimaryKey($"pk_{name}", row => row.name));
        migration.CreateIndex($"ix_{name}_path", name, "path", schema, unique: true);
    }
}
