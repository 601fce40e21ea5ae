using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Platform.Persistence;

/// <summary>Where the services keep their state.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "BlueGreen:Database";
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c> (one process, one file) or <c>postgres</c>.</summary>
    [AllowedValues(Sqlite, Postgres)]
    public string Provider { get; set; } = Sqlite;

    /// <summary>ADO.NET connection string; for SQLite <c>Data Source=FILE</c>. Empty: <c>bluegreen.db</c> in the data directory.</summary>
    public string ConnectionString { get; set; } = "";
}
