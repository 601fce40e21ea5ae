using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace BlueGreen.Platform.Persistence;

/// <summary>
/// A migration that runs on both providers: it names no column types, so that each provider maps the CLR type as it does for the model.
/// A test compares what the migrations build with what the model asks for.
/// </summary>
/// <param name="service">The service's kebab-case name.</param>
public abstract class ServiceMigration(string service) : Migration
{
    private readonly string _schema = service.Replace('-', '_');

    private static bool IsPostgres(MigrationBuilder migration) =>
        migration.ActiveProvider == "Npgsql.EntityFrameworkCore.PostgreSQL";

    /// <summary>The table's name where this runs: prefixed on SQLite, which has no schemas.</summary>
    protected string TableName(MigrationBuilder migration, string table) =>
        IsPostgres(migration) ? table : $"{_schema}_{table}";

    /// <summary>The service's schema, or null on SQLite.</summary>
    protected string? SchemaName(MigrationBuilder migration) => IsPostgres(migration) ? _schema : null;

    /// <summary>Inbox, outbox and work items. Call it first in the service's first migration.</summary>
    protected void CreatePlatformTables(MigrationBuilder migration)
    {
        var schema = SchemaName(migration);
        if (schema is not null) migration.EnsureSchema(schema);
        CreateInbox(migration, schema);
        CreateOutbox(migration, schema);
        CreateWorkItems(migration, schema);
    }

    private void CreateInbox(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "inbox");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            message_id = table.Column<Guid>(nullable: false),
            consumer_id = table.Column<Guid>(nullable: false),
            received_at = table.Column<DateTimeOffset>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => new { row.message_id, row.consumer_id }));
        migration.CreateIndex($"ix_{name}_received_at", name, "received_at", schema);
    }

    private void CreateOutbox(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "outbox");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            sequence = table.Column<long>(nullable: false)
                .Annotation("Sqlite:Autoincrement", true)
                .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            message_id = table.Column<Guid>(nullable: false),
            due_at = table.Column<DateTimeOffset>(nullable: false),
            schedule_token = table.Column<Guid>(nullable: true),
            destination = table.Column<string>(nullable: false),
            content_type = table.Column<string>(nullable: false),
            message_types = table.Column<string>(nullable: false),
            body = table.Column<string>(nullable: false),
            headers = table.Column<string>(nullable: true),
            properties = table.Column<string>(nullable: true),
            conversation_id = table.Column<Guid>(nullable: true),
            correlation_id = table.Column<Guid>(nullable: true),
            initiator_id = table.Column<Guid>(nullable: true),
            source_address = table.Column<string>(nullable: true),
            attempts = table.Column<int>(nullable: false),
            last_error = table.Column<string>(nullable: true),
            created_at = table.Column<DateTimeOffset>(nullable: false),
            sent_at = table.Column<DateTimeOffset>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => row.sequence));
        migration.CreateIndex($"ix_{name}_due_at_sequence", name, ["due_at", "sequence"], schema);
        migration.CreateIndex($"ix_{name}_message_id", name, "message_id", schema, unique: true);
        migration.CreateIndex($"ix_{name}_schedule_token", name, "schedule_token", schema);
    }

    private void CreateWorkItems(MigrationBuilder migration, string? schema)
    {
        var name = TableName(migration, "work_items");
        migration.CreateTable(name, schema: schema, columns: table => new
        {
            kind = table.Column<string>(nullable: false),
            subject = table.Column<string>(nullable: false),
            fence = table.Column<long>(nullable: false),
            state = table.Column<string>(nullable: false),
            command = table.Column<string>(nullable: false),
            requested_at = table.Column<DateTimeOffset>(nullable: false),
            due_at = table.Column<DateTimeOffset>(nullable: false),
            tries = table.Column<int>(nullable: false),
            lease_id = table.Column<Guid>(nullable: true),
            lease_owner = table.Column<string>(nullable: true),
            lease_until = table.Column<DateTimeOffset>(nullable: true),
            last_error = table.Column<string>(nullable: true),
            trace_parent = table.Column<string>(nullable: true),
        }, constraints: table => table.PrimaryKey($"pk_{name}", row => new { row.kind, row.subject }));
        migration.CreateIndex($"ix_{name}_state_due_at", name, ["state", "due_at"], schema);
    }
}
