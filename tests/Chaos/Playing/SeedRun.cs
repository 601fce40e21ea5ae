using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Judging;
using BlueGreen.Chaos.Proxies;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Taps;
using BlueGreen.Chaos.Traffic;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Containers;
using BlueGreen.Testing.Processes;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>One seed from an empty database and virtual host to the verdict.</summary>
internal sealed class SeedRun(PostgreSqlServer postgres, RabbitMqServer rabbit, HitsTable hits, Action<string> say, TimeProvider time)
{
    private const double RequestsPerSecond = 30;
    private static readonly string[] Endpoints = [ScriptWriter.FirstEndpoint, ScriptWriter.SecondEndpoint];
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    /// <summary>RabbitMQ 4.0 loses a quorum queue that was declared less than about a second before a kill.</summary>
    private static readonly TimeSpan TopologySettles = TimeSpan.FromSeconds(2);

    /// <param name="script">What is played.</param>
    /// <param name="tamper">Called when all is quiet, before the evidence is read for good; for tests of the judges.</param>
    /// <param name="ct">Ends the run; nothing that it started outlives it.</param>
    public async Task<SeedResult> PlayAsync(ChaosScript script, Func<SeedScene, Task>? tamper, CancellationToken ct)
    {
        var database = await postgres.CreateDatabaseAsync("chaos", ct);
        var broker = await rabbit.CreateVirtualHostAsync("chaos", ct);
        var folder = new RunFolder(chosen: null);
        var clock = new RunClock(time);
        await using var lines = new ServiceLines(database, broker, time);
        var installation = Installation.Find();
        await using var platform = new PlatformProcesses(installation, folder, time, lines.BackendsOf, Settings(folder));
        var services = new ServiceControl(platform, clock);
        try
        {
            foreach (var service in ServiceProgram.All) platform.Start(service.Name);
            foreach (var service in ServiceProgram.All) await platform.UntilReadyAsync(service.Name, StartLimit, ct);
            var policies = new EndpointPolicies(platform, installation);
            foreach (var endpoint in Endpoints) await policies.ApplyAsync(endpoint, ct);
            var stage = new Stage(script, database, broker, folder.Root, platform, services, lines, clock, clock.Now / 1e6);
            return await PlayAsync(stage, tamper, ct);
        }
        finally
        {
            services.KillAll();
            new Leftovers(folder.RunId, folder.Root).End();
            await DropAsync(database, broker);
        }
    }

    private async Task<SeedResult> PlayAsync(Stage stage, Func<SeedScene, Task>? tamper, CancellationToken ct)
    {
        var (script, clock) = (stage.Script, stage.Clock);
        await using var states = new StateFeed(stage.Database, time);
        await states.StartAsync(ct);
        var management = new BrokerManagement(rabbit, stage.Broker);
        await using var tap = await MessageTap.OpenAsync(stage.Broker, await management.MessageExchangesAsync(ct), ct);
        var messages = new MessageFaults(tap, management, time, say);
        using var containers = new ContainerFaults(postgres, rabbit, time);
        await containers.PrepareAsync(ct);
        var faults = new FaultInjector(stage.Services, stage.Lines, containers, messages, states, hits, Say, time);
        using var registry = new Registry(stage.Platform, stage.Folder, time);
        using var alerting = new Alerting(stage.Platform, clock);
        await Task.Delay(TopologySettles, time, ct);
        await using var first = new EndpointTraffic(stage.Platform.Inference, Endpoints[0], RequestsPerSecond, script.Seed, clock);
        await using var second = new EndpointTraffic(stage.Platform.Inference, Endpoints[1], RequestsPerSecond, script.Seed + 1, clock);
        await using var supervision = new Supervision(stage.Services, ct);
        await new ScriptPlayer(registry, alerting, states, faults, time).PlayAsync(script, ct);
        await stage.Services.HealAsync(ct);
        await messages.HealAsync(ct);
        await using var source = NpgsqlDataSource.Create(stage.Database);
        var collector = new EvidenceCollector(
            script, source, management, stage.Folder, registry, alerting, stage.Services, [first, second], clock);
        return await JudgeAsync(stage, collector, evidence => tamper?.Invoke(new SeedScene(source, stage.Folder, evidence)), ct);

        void Say(string what) => say($"{clock.Now / 1e6,6:0.0} s  {what}");
    }

    private static async Task<SeedResult> JudgeAsync(
        Stage stage, EvidenceCollector collector, Func<SeedEvidence, Task?> tamper, CancellationToken ct)
    {
        var healed = stage.Clock.Now / 1e6;
        var evidence = await collector.CollectAsync(ct);
        if (tamper(evidence) is { } planting)
        {
            await planting;
            evidence = await collector.ReadAsync(ct);
        }

        var seconds = (stage.ReadyAfter, healed - stage.ReadyAfter, (stage.Clock.Now / 1e6) - healed);
        return new SeedResult(Judge.Of(evidence), evidence, seconds, [.. stage.Services.Crashes], stage.Folder);
    }

    private static Dictionary<string, string> Settings(RunFolder folder) => new()
    {
        // Fleets outlive env-manager, as in production; the harness finds and ends them by their mark.
        ["BlueGreen__EnvManager__StopEnvironmentsOnShutdown"] = "false",
        [$"BlueGreen__EnvManager__Variables__{Leftovers.Variable}"] = folder.RunId,
        ["BlueGreen__EnvManager__ReapInterval"] = "00:00:02",
        ["BlueGreen__Work__Lease"] = "00:00:05",
    };

    private async Task DropAsync(string database, string broker)
    {
        try
        {
            using var management = rabbit.CreateManagementClient();
            using var answer = await management.DeleteAsync(new Uri($"api/vhosts/{new Uri(broker).AbsolutePath.TrimStart('/')}", UriKind.Relative));
            await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
            await using var drop = source.CreateCommand($"DROP DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" WITH (FORCE)");
            await drop.ExecuteNonQueryAsync();
        }
        catch (Exception away) when (away is HttpRequestException or NpgsqlException)
        {
            // The run was ended while one of them was down: they are removed with their container.
        }
    }

    /// <summary>Runs the supervisor for as long as it lives.</summary>
    private sealed class Supervision : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly Task _supervising;

        public Supervision(ServiceControl services, CancellationToken ct)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            _supervising = services.SuperviseAsync(_stop.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _supervising;
            _stop.Dispose();
        }
    }

    private sealed record Stage(
        ChaosScript Script, string Database, string Broker, string Folder, PlatformProcesses Platform, ServiceControl Services,
        ServiceLines Lines, RunClock Clock, double ReadyAfter);
}
