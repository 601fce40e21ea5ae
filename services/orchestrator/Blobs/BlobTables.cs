using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Orchestrator.Blobs;

/// <summary>The table of <see cref="BlobRow"/>, for the service's first migration.</summary>
internal static class BlobTables
{
    /// <param name="migration">The migration under way.</param>
    /// <param name="table">Gives a table's name on the provider at hand.</param>
    /// <param name="schema">The service's schema, or null where there are none.</param>
    public static void Create(MigrationBuilder migration, Func<string, string> table, string? schema)
    {
        var name = table("blobs");
        migration.CreateTable(name, schema: schema, columns: columns => new
        {
            sha256 = columns.Column<string>(nullable: false),
            name = columns.Column<string>(nullable: false),
            content = columns.Column<byte[]>(nullable: false),
            size = columns.Column<long>(nullable: false),
            created_at = columns.Column<DateTimeOffset>(nullable: false),
        }, constraints: constraints => constraints.PrimaryKey($"pk_{name}", row => row.sha256));
    }
}
