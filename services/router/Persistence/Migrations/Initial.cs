using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Persistence.Migrations;

[DbContext(typeof(RouterDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(RouterDbContext.Service)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePlatformTables(migrationBuilder);
        var schema = SchemaName(migrationBuilder);
        CreateRoutes(migrationBuilder, schema);
        CreateSwitches(migrationBuilder, schema);
        CreateVetoes(migrationBuilder, schema);
        CreateReplicas(migrationBuilder, schema);
        CreateAcknowledgements(migrationBuilder, schema);
    }

    private void CreateRoutes(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "routes");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            path = table.Column<string>(nullable: false),
            policy_revision = table.Column<long>(nullable: false),
            version = table.Column<long>(nullable: false),
            epoch = table.Column<long>(nullable: false),
            live = table.Column<string>(nullable: true),
            standby = table.Column<string>(nullable: true),
            switched_at = table.Column<DateTimeOffset>(nullable: true),
            releasing = table.Column<Guid>(nullable: true),
            releasing_version = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.endpoint));
    }

    private void CreateSwitches(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "switches");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            deployment_id = table.Column<Guid>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            environment_id = table.Column<Guid>(nullable: false),
            standby_environment_id = table.Column<Guid>(nullable: true),
            epoch = table.Column<long>(nullable: false),
            version = table.Column<long>(nullable: false),
            switched_at = table.Column<DateTimeOffset>(nullable: false),
            attempt = table.Column<int>(nullable: false),
            receipt = table.Column<string>(nullable: true),
            release_attempt = table.Column<int>(nullable: false),
            committed_at = table.Column<DateTimeOffset>(nullable: true),
            release = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.deployment_id));
        migration.CreateIndex($"ix_{name}_endpoint_committed_at", name, ["endpoint", "committed_at"], schema);
    }

    private void CreateVetoes(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "vetoes");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            deployment_id = table.Column<Guid>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            reason = table.Column<string>(nullable: false),
            requested_by = table.Column<string>(nullable: false),
            reverted_at = table.Column<DateTimeOffset>(nullable: false),
            replica = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.deployment_id));
        migration.CreateIndex($"ix_{name}_endpoint_reverted_at", name, ["endpoint", "reverted_at"], schema);
    }

    private void CreateReplicas(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "replicas");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            name = table.Column<string>(nullable: false),
            renewed_at = table.Column<DateTimeOffset>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.name));
    }

    private void CreateAcknowledgements(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "acknowledgements");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            replica = table.Column<string>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            version = table.Column<long>(nullable: false),
            epoch = table.Column<long>(nullable: false),
            applied_at = table.Column<DateTimeOffset>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => new { row.replica, row.endpoint }));
    }
}
