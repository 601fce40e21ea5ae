using System.Collections.Concurrent;
using BlueGreen.Demo.Hosting;
using BlueGreen.EnvManager;
using BlueGreen.Orchestrator;
using BlueGreen.Platform.Hosting;
using BlueGreen.Prewarmer;
using BlueGreen.RegistryListener;
using BlueGreen.Rollback;
using BlueGreen.Router;
using BlueGreen.Validator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>The platform in one process rehearses every deployment message before it is ready: to the end of each, and without a trace.</summary>
public sealed class RehearsalTests
{
    /// <summary>Tables of the plumbing, and of what a process knows of itself.</summary>
    private static readonly string[] Plumbing = ["_migrations", "_inbox", "_outbox", "_work_items", "_replicas", "_acknowledgements"];

    [Fact]
    public async Task Start_InOneProcess_EveryMessageIsRehearsedToItsEndAndNothingRemains()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("bluegreen-rehearsal-").FullName;
        var database = Path.Combine(folder, "bluegreen.db");
        var log = new Lines();
        var control = $"http://127.0.0.1:{LoopbackPort.Choose(0)}";
        await using (var app = Build(folder, database, control, log))
        {
            await app.StartAsync(ct);
            using var http = new HttpClient { BaseAddress = new Uri(control) };
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (!await ReadyProbe.IsReadyAsync(http, limit.Token)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            await app.StopAsync(ct);
        }

        Assert.DoesNotContain(log, line => line.Contains("went no further", StringComparison.Ordinal));
        Assert.Empty(await FilledTablesAsync(database, ct));
    }

    private static async Task<IReadOnlyList<string>> FilledTablesAsync(string database, CancellationToken ct)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=false");
        await connection.OpenAsync(ct);
        var tables = await TextsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '[a-z]*[a-z]' AND name <> 'sqlite_sequence'", ct);
        var filled = new List<string>();
        foreach (var table in tables.Where(name => !Plumbing.Any(end => name.EndsWith(end, StringComparison.Ordinal))))
        {
            if (await TextsAsync(connection, $"SELECT 'row' FROM {table}", ct) is { Count: > 0 } rows) filled.Add($"{table}: {rows.Count}");
        }

        return filled;
    }

    private static async Task<IReadOnlyList<string>> TextsAsync(SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new SqliteCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var texts = new List<string>();
        while (await reader.ReadAsync(ct)) texts.Add(reader.GetString(0));
        return texts;
    }

    private static WebApplication Build(string folder, string database, string control, ILoggerProvider log) => PlatformHost.Build(
        ["--urls", control],
        [
            new RegistryListenerService(), new OrchestratorService(), new EnvManagerService(), new PrewarmerService(), new ValidatorService(),
            new RouterService(), new RollbackService(),
        ],
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = folder,
                ["BlueGreen:Database:ConnectionString"] = $"Data Source={database}",
                ["BlueGreen:Bus:RehearsesMessages"] = "true",
                ["BlueGreen:Api:Token"] = "a-token-for-tests-only",
                ["BlueGreen:Router:InferenceUrl"] = "http://127.0.0.1:0",
            });
            builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        });

    private sealed class Lines : ConcurrentQueue<string>, ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
