using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.EnvManager.Persistence.Migrations;

[DbContext(typeof(EnvManagerDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration(EnvManagerService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePlatformTables(migrationBuilder);
        CreateEnvironments(migrationBuilder);
        CreateReplicas(migrationBuilder);
        CreateRoutes(migrationBuilder);
    }

    private void CreateEnvironments(MigrationBuilder migration)
    {
        var name = TableName(migration, "environments");
        migration.CreateTable(name, schema: SchemaName(migration), columns: table => new
        {
            id = table.Column<Guid>(nullable: false),
            deployment_id = table.Column<Guid>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            model = table.Column<string>(nullable: false),
            version = table.Column<string>(nullable: false),
            artifact_uri = table.Column<string>(nullable: false),
            artifact_sha256 = table.Column<string>(nullable: false),
            template = table.Column<string>(nullable: false),
            fingerprint = table.Column<string>(nullable: false),
            state = table.Column<string>(nullable: false),
            attempt = table.Column<int>(nullable: false),
            unserved_ttl = table.Column<long>(nullable: false),
            created_at = table.Column<DateTimeOffset>(nullable: false),
            expires_at = table.Column<DateTimeOffset>(nullable: true),
            reason = table.Column<string>(nullable: true),
            ended_at = table.Column<DateTimeOffset>(nullable: true),
            released = table.Column<bool>(nullable: false),
            revision = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.id));
        migration.CreateIndex($"ix_{name}_expires_at", name, "expires_at", SchemaName(migration));
    }

    private void CreateReplicas(MigrationBuilder migration)
    {
        var name = TableName(migration, "replicas");
        migration.CreateTable(name, schema: SchemaName(migration), columns: table => new
        {
            environment_id = table.Column<Guid>(nullable: false),
            index = table.Column<int>(nullable: false),
            port = table.Column<int>(nullable: false),
            process_id = table.Column<int>(nullable: false),
            ready = table.Column<bool>(nullable: false),
            restarts = table.Column<int>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => new { row.environment_id, row.index }));
    }

    private void CreateRoutes(MigrationBuilder migration)
    {
        var name = TableName(migration, "routes");
        migration.CreateTable(name, schema: SchemaName(migration), columns: table => new
        {
            endpoint = table.Column<string>(nullable: false),
            epoch = table.Column<long>(nullable: false),
            live_environment_id = table.Column<Guid>(nullable: true),
            standby_environment_id = table.Column<Guid>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.endpoint));
    }
}
