using System.Diagnostics;
using BlueGreen.Platform.Tests.Fixture;
using BlueGreen.Testing.Containers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlueGreen.Platform.Tests;

public sealed class OutageTests(Servers servers)
{
    private const int MoreThanTheTries = 12;
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consumer_DatabaseIsBusyForLongerThanTheTries_IsConsumedAfterAll()
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, call) =>
            call <= MoreThanTheTries ? throw new InvalidOperationException("outer", new SqliteException("busy", 5)) : Task.CompletedTask;
        await host.StartAsync();
        await host.PublishAsync(new Greeting("patience"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
        Assert.Equal(MoreThanTheTries + 1, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Consumer_LosesTheRaceForARowMoreOftenThanTheTries_IsConsumedAfterAll()
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, call) =>
            call <= MoreThanTheTries ? throw new DbUpdateConcurrencyException("somebody was faster") : Task.CompletedTask;
        await host.StartAsync();
        await host.PublishAsync(new Greeting("again"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
        Assert.Empty(host.Script.Faults);
    }

    [Fact]
    public async Task Consumer_NeverWinsTheRaceForARow_IsGivenUp()
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, _) => throw new DbUpdateConcurrencyException("nobody is faster: it is a mistake");
        await host.StartAsync();
        await host.PublishAsync(new Greeting("again"));
        await SampleHost.UntilAsync(() => Task.FromResult(!host.Script.Faults.IsEmpty), seconds: 90);
        Assert.Equal(50 + 9, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Work_DatabaseIsBusyForLongerThanTheTries_IsDoneAfterAll()
    {
        await using var host = new SampleHost();
        host.Script.Digging = (dig, _, _) => host.Script.Calls[$"dig-{dig.Place}-{dig.Depth}"] < 5
            ? throw new SqliteException("busy", 5)
            : Task.CompletedTask;
        await host.StartAsync(new() { ["BlueGreen:Work:MaxTries"] = "2", ["BlueGreen:Work:Poll"] = "00:00:00.1" });
        await host.PublishAsync(new Dig("mine", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 1);
        Assert.Equal(1, (await host.FindWorkAsync("mine")).Tries);
    }

    [Fact]
    public async Task Consumer_PostgreSqlIsDownForLongerThanTheTries_IsConsumedOnceAndNothingIsGivenUp()
    {
        await using var postgres = new PostgreSqlServer();
        await postgres.InitializeAsync();
        await using var host = new SampleHost();
        var goOn = new TaskCompletionSource();
        host.Script.Greeting = (_, call) => call == 1 ? goOn.Task : Task.CompletedTask;
        await host.StartAsync(await servers.SettingsAsync(postgres: postgres));
        await host.PublishAsync(new Greeting("outage"));
        await SampleHost.UntilAsync(() => Task.FromResult(host.Script.Calls.ContainsKey("greeting")));

        await postgres.StopAsync(Cancelled);
        goOn.SetResult();
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System, Cancelled);
        await postgres.StartAsync(Cancelled);

        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
        Assert.Equal(2, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Host_StopsDuringTheOutage_IsNotDelayedAndTheMessageGoesBackToItsQueue()
    {
        await using var postgres = new PostgreSqlServer();
        await postgres.InitializeAsync();
        await using var host = new SampleHost();
        var goOn = new TaskCompletionSource();
        host.Script.Greeting = (_, call) => call == 1 ? goOn.Task : Task.CompletedTask;
        var settings = await servers.SettingsAsync(postgres: postgres);
        await host.StartAsync(settings);
        await host.PublishAsync(new Greeting("interrupted"));
        await SampleHost.UntilAsync(() => Task.FromResult(host.Script.Calls.ContainsKey("greeting")));
        await postgres.StopAsync(Cancelled);
        goOn.SetResult();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Cancelled);

        var stopping = Stopwatch.GetTimestamp();
        await host.StopAsync();
        Assert.True(Stopwatch.GetElapsedTime(stopping) < TimeSpan.FromSeconds(8), $"The stop took {Stopwatch.GetElapsedTime(stopping)}.");

        await postgres.StartAsync(Cancelled);
        await host.StartAsync(settings);
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
    }

    [Fact]
    public async Task Start_PostgreSqlIsDown_WaitsForItAndStarts()
    {
        await using var postgres = new PostgreSqlServer();
        await postgres.InitializeAsync();
        var settings = await servers.SettingsAsync(postgres: postgres);
        await postgres.StopAsync(Cancelled);
        await using var host = new SampleHost();

        var starting = host.StartAsync(settings);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Cancelled);
        Assert.False(starting.IsCompleted, "It ended, or started without its tables.");
        await postgres.StartAsync(Cancelled);
        await starting.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);

        await host.PublishAsync(new Greeting("late"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
    }

    [Fact]
    public async Task Start_PostgreSqlDiesHalfWayThroughTheMigrations_BeginsThemAnew()
    {
        var settings = await servers.SettingsAsync();
        await using var source = NpgsqlDataSource.Create(settings["BlueGreen:Database:ConnectionString"]!);
        await using var blocker = await source.OpenConnectionAsync(Cancelled);
        // Whoever creates a table by this name waits for this transaction's end: with the tables before it made, not committed.
        foreach (var sql in (string[])["CREATE SCHEMA sample", "BEGIN", "CREATE TABLE sample.orders (id int)"]) await ExecuteAsync(blocker, sql);
        await using var host = new SampleHost();
        var starting = host.StartAsync(settings);

        await SampleHost.UntilAsync(async () => await KillBlockedAsync(source) > 0, seconds: 60);
        Assert.False(starting.IsCompleted, "It ended, or started without its tables.");
        await ExecuteAsync(blocker, "ROLLBACK");
        await starting.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);

        await host.PublishAsync(new Greeting("anew"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
    }

    [Fact]
    public async Task Outbox_BrokerIsKilledAndComesBack_SendsEverythingAndConsumesItOnce()
    {
        const int messages = 200;
        await using var rabbitMq = new RabbitMqServer();
        await rabbitMq.InitializeAsync();
        await using var host = new SampleHost();
        await host.StartAsync(await servers.SettingsAsync(rabbitMq: rabbitMq));
        await host.PublishAsync(new Greeting("before"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
        // A quorum queue younger than a second or so does not survive the kill.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Cancelled);

        var published = Task.Run(async () =>
        {
            for (var i = 0; i < messages; i++) await host.PublishAsync(new Greeting($"{i}"));
        }, Cancelled);
        await rabbitMq.KillAsync(Cancelled);
        await published;
        await rabbitMq.StartAsync(Cancelled);

        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == messages + 1, seconds: 90);
        var subjects = await host.Store.ReadAsync((db, token) => db.Effects.Select(effect => effect.Subject).ToListAsync(token), Cancelled);
        Assert.Equal(messages + 1, subjects.Distinct().Count());
        await SampleHost.UntilAsync(() => host.Store.ReadAsync(async (db, token) => !await db.Outbox.AnyAsync(token), Cancelled));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    /// <summary>Ends whoever creates tables and waits for a lock, as a crash of the server would; how many there were.</summary>
    private static async Task<int> KillBlockedAsync(NpgsqlDataSource source)
    {
        await using var kill = source.CreateCommand("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%CREATE TABLE%'
            """);
        return (int)(long)(await kill.ExecuteScalarAsync(Cancelled))!;
    }
}
