using BlueGreen.EnvManager;
using BlueGreen.Orchestrator;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using BlueGreen.Prewarmer;
using BlueGreen.RegistryListener;
using BlueGreen.Rollback;
using BlueGreen.Router;
using BlueGreen.Testing.Containers;
using BlueGreen.Validator;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>Migrations are written by hand for both providers: here is what keeps them and the model the same.</summary>
public sealed class MigrationTests(PostgreSqlServer postgres) : IDisposable
{
    private const string SqliteColumns =
        "SELECT m.name || '.' || p.name || ' ' || p.type || CASE WHEN p.\"notnull\" THEN ' not null' ELSE '' END || ' pk' || p.pk AS \"Value\" "
        + "FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE '%migrations%' "
        + "AND m.name NOT LIKE '\\_\\_EF%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'";

    private const string PostgresColumns =
        "SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity AS \"Value\" "
        + "FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name <> 'migrations'";

    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-migrations-").FullName;

    [Fact]
    public async Task Sqlite_Migrated_HasExactlyTheColumnsOfTheModel()
    {
        await AssertSameAsync(
            "sqlite", $"Data Source={Path.Combine(_folder, "migrated.db")}", $"Data Source={Path.Combine(_folder, "created.db")}", SqliteColumns);
    }

    [Fact]
    public async Task Postgres_Migrated_HasExactlyTheColumnsOfTheModel()
    {
        var ct = TestContext.Current.CancellationToken;
        await AssertSameAsync(
            "postgres", await postgres.CreateDatabaseAsync("migrated", ct), await postgres.CreateDatabaseAsync("created", ct), PostgresColumns);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Postgres_ReplicasStartingAtOnce_MigrateOnce(bool hasDatabase)
    {
        var ct = TestContext.Current.CancellationToken;
        var database = await postgres.CreateDatabaseAsync("at-once", ct);
        if (!hasDatabase) database = new Npgsql.NpgsqlConnectionStringBuilder(database) { Database = $"new-{Guid.NewGuid():n}" }.ConnectionString;
        var replicas = Enumerable.Range(0, 6).Select(replica => Build("postgres", database, $"{replica}")).ToArray();

        await Task.WhenAll(replicas.Select(replica => Task.Run(() => MigrateAsync(replica, ct), ct)));

        foreach (var replica in replicas) await replica.DisposeAsync();
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task MigrateAsync(WebApplication replica, CancellationToken ct)
    {
        var migrators = replica.Services.GetServices<IHostedService>()
            .Where(hosted => hosted.GetType().Name.StartsWith("DatabaseMigrator", StringComparison.Ordinal)).ToArray();
        Assert.Equal(7, migrators.Length);
        foreach (var migrator in migrators.Cast<IHostedLifecycleService>()) await migrator.StartingAsync(ct);
    }

    private async Task AssertSameAsync(string provider, string migrated, string created, string columns)
    {
        await using var first = Build(provider, migrated);
        await using var second = Build(provider, created);
        foreach (var type in ContextTypes(first))
        {
            await using var scope = first.Services.CreateAsyncScope();
            await ((DbContext)scope.ServiceProvider.GetRequiredService(type)).Database.MigrateAsync(TestContext.Current.CancellationToken);
        }

        foreach (var type in ContextTypes(second))
        {
            await using var scope = second.Services.CreateAsyncScope();
            var database = ((DbContext)scope.ServiceProvider.GetRequiredService(type)).Database;
            var creator = database.GetService<IRelationalDatabaseCreator>();
            if (!await creator.ExistsAsync(TestContext.Current.CancellationToken))
                await creator.CreateAsync(TestContext.Current.CancellationToken);
            await creator.CreateTablesAsync(TestContext.Current.CancellationToken);
        }

        var (wanted, found) = (await ReadAsync(second, columns), await ReadAsync(first, columns));
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted, found);
    }

    private static async Task<List<string>> ReadAsync(WebApplication app, string sql)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(ContextTypes(app)[0]);
        var rows = await db.Database.SqlQueryRaw<string>(sql).ToListAsync(TestContext.Current.CancellationToken);
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static List<Type> ContextTypes(WebApplication app) =>
    [
        .. AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.GetName().Name!.StartsWith("BlueGreen.", StringComparison.Ordinal))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(ServiceDbContext)) && app.Services.GetService<IServiceProviderIsService>()!.IsService(type)),
    ];

    private WebApplication Build(string provider, string connection, string replica = "") => PlatformHost.Build(
        [],
        [
            new RegistryListenerService(), new OrchestratorService(), new EnvManagerService(), new PrewarmerService(), new ValidatorService(),
            new RouterService(), new RollbackService(),
        ],
        builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["BlueGreen:Database:Provider"] = provider,
            ["BlueGreen:Database:ConnectionString"] = connection,
            ["BlueGreen:DataDirectory"] = Path.Combine(_folder, replica),
            // EF Core tells of a database that is not there yet as of an error.
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Connection"] = "None",
            ["Logging:LogLevel:MassTransit"] = "None",
            ["BlueGreen:Api:Token"] = "a-token-for-tests-only",
        }));
}
