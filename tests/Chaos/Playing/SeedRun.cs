using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Proxies;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Waiting;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Containers;
using BlueGreen.Testing.Processes;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>One seed from an empty database and virtual host to the verdict.</summary>
internal sealed class SeedRun(PostgreSqlServer postgres, RabbitMqServer rabbit, HitsTable hits, Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    /// <summary>More than all limits of a bad seed together that may follow each other.</summary>
    private static readonly TimeSpan SeedLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(2);

    private readonly Waits _waits = new(time);

    /// <param name="script">What is played.</param>
    /// <param name="tamper">Called when all is quiet, before the evidence is read for good; for tests of the judges.</param>
    /// <param name="ct">Ends the run; nothing that it started outlives it.</param>
    /// <exception cref="ChaosException">The seed could not be played to its end, and so not be judged; the message says why.</exception>
    public async Task<SeedResult> PlayAsync(ChaosScript script, Func<SeedScene, Task>? tamper, CancellationToken ct)
    {
        var folder = new RunFolder(chosen: null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var playing = PlayAsync(script, folder, tamper, stop.Token);
        try
        {
            return await _waits.ForAsync($"seed {script.Seed} to be judged", SeedLimit, playing.WaitAsync, ct);
        }
        catch (Exception failure) when (failure is not (ChaosException or OperationCanceledException) || !ct.IsCancellationRequested)
        {
            throw new ChaosException($"{failure.Message}{Environment.NewLine}{At(failure)}  logs: {folder.Root}");
        }
        finally
        {
            await stop.CancelAsync();
            await _waits.ForAsync($"seed {script.Seed} to end", EndLimit, token => playing.WaitAsync(token).ContinueWith(_ => { }, TaskScheduler.Default), CancellationToken.None);
            new Leftovers(folder.RunId, folder.Root).End();
        }
    }

    /// <summary>Where it comes from, unless the message says it.</summary>
    private static string At(Exception failure) => failure is ChaosException or TimeoutException ? "" : $"  {failure}{Environment.NewLine}";

    private async Task<SeedResult> PlayAsync(ChaosScript script, RunFolder folder, Func<SeedScene, Task>? tamper, CancellationToken ct)
    {
        // A seed that was broken off may have left them down.
        await _waits.ForAsync("the containers", StartLimit, token => Task.WhenAll(postgres.StartAsync(token), rabbit.StartAsync(token)), ct);
        var database = await postgres.CreateDatabaseAsync("chaos", ct);
        var broker = await rabbit.CreateVirtualHostAsync("chaos", ct);
        var clock = new RunClock(time);
        await using var lines = new ServiceLines(database, broker, script.SecondRouter, time);
        var installation = Installation.Find();
        await using var platform = new PlatformProcesses(
            installation, folder, time, lines.BackendsOf, PlatformSettings.Of(folder), script.SecondRouter);
        var services = new ServiceControl(platform, _waits, clock);
        try
        {
            foreach (var name in platform.Names) platform.Start(name);
            foreach (var name in platform.Names) await platform.UntilReadyAsync(name, StartLimit, ct);
            var policies = new EndpointPolicies(platform, installation);
            foreach (var story in script.Stories) await policies.ApplyAsync(story.Endpoint, ct, kind: story.Policy, replicas: story.Replicas);
            var stage = new Stage(script, database, broker, folder.Root, platform, services, lines, clock, clock.Now / 1e6);
            return await new StagePlay(stage, postgres, rabbit, hits, say, _waits).PlayAsync(tamper, ct);
        }
        finally
        {
            services.KillAll();
            new Leftovers(folder.RunId, folder.Root).End();
            await DropAsync(database, broker);
        }
    }

    private async Task DropAsync(string database, string broker)
    {
        try
        {
            using var management = rabbit.CreateManagementClient();
            management.Timeout = TimeSpan.FromSeconds(10);
            using var answer = await management.DeleteAsync(new Uri($"api/vhosts/{new Uri(broker).AbsolutePath.TrimStart('/')}", UriKind.Relative));
            await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
            await using var drop = source.CreateCommand($"DROP DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" WITH (FORCE)");
            await drop.ExecuteNonQueryAsync();
        }
        catch (Exception away) when (away is HttpRequestException or NpgsqlException or OperationCanceledException)
        {
            // The run was ended while one of them was down: they are removed with their container.
        }
    }
}
