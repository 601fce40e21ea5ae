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

    /// <summary>
    /// PostgreSQL: how long a transaction may wait for its own process before the server ends it, and its locks with it. A process that is
    /// stopped, but not gone, keeps its connection: what it has locked would be locked for as long as it is. Longer than any transaction of
    /// a process that runs; the longest are the outbox's, which wait for the broker's confirms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan TransactionIdleLimit { get; set; } = TimeSpan.FromSeconds(30);
}
