using BlueGreen.Orchestrator.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>One change of policies or blobs at a time, so that what was checked against the other rows is still true at the commit.</summary>
internal static class ConfigurationLock
{
    /// <summary>Any number will do, as long as nothing else of this database takes it: "bgpolicy" in ASCII.</summary>
    private const long Key = 0x6267706F6C696379;

    /// <summary>Held to the end of the transaction. SQLite has one writer as it is.</summary>
    public static Task LockConfigurationAsync(this OrchestratorDbContext db, CancellationToken cancellationToken) =>
        db.Database.IsNpgsql()
            ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken)
            : Task.CompletedTask;
}
