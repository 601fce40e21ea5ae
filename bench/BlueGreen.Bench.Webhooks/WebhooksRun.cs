using System.Diagnostics;
using BlueGreen.Bench.Webhooks.Running;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.Platform.Hosting;
using BlueGreen.RegistryListener;
using BlueGreen.RegistryListener.Webhooks;
using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Bench.Webhooks;

/// <summary>First the rate, on a process that has seen nothing bad; then the kill; then everything bad.</summary>
internal sealed class WebhooksRun(PostgreSqlServer postgres, RabbitMqServer rabbit, string folder, Action<string> say, TimeProvider clock)
{
    private const int Lanes = 64;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    public async Task<WebhooksReport> MeasureAsync(WebhooksPlan plan, CancellationToken ct)
    {
        var (load, perSecond) = await LoadAsync(plan, ct);
        var latencies = load.Latencies.Order().ToList();
        say($"{perSecond:0} accepted per second, p99 {At(latencies, 0.99)} ms; others: {string.Join(", ", load.Others)}");
        var (acknowledged, lost) = await KillAsync(plan, ct);
        say($"{acknowledged} acknowledged before the kill, {lost} of them lost");
        var fuzz = await FuzzAsync(plan, ct);
        foreach (var failure in fuzz.Failures) say(failure);
        using var self = Process.GetCurrentProcess();
        return new WebhooksReport
        {
            Payloads = fuzz.Payloads,
            Unhandled = fuzz.UnhandledExceptions,
            ServerErrors = fuzz.ServerErrors,
            Forged = fuzz.Forged,
            ForgedAccepted = fuzz.ForgedAccepted,
            PeakMegabytes = Math.Round(self.PeakWorkingSet64 / 1048576.0, 1),
            AcceptedPerSecond = Math.Round(perSecond, 1),
            P50 = At(latencies, 0.5),
            P99 = At(latencies, 0.99),
            NotAccepted = load.Others.Values.Sum(count => (long)count),
            AcknowledgedAtKill = acknowledged,
            AcknowledgedLost = lost,
            Statuses = fuzz.Statuses,
        };
    }

    private async Task<(Load Load, double PerSecond)> LoadAsync(WebhooksPlan plan, CancellationToken ct)
    {
        var (process, _) = await ListenerAsync("load", ct);
        await using (process)
        {
            using var http = Client(process);
            say("warming up");
            await new Load(http, clock).RunAsync(plan.Rate, WarmUp, ct);
            var load = new Load(http, clock) { First = plan.Rate * 1000 };
            say($"{plan.Rate} promotions a second for {plan.Seconds} s");
            var started = clock.GetTimestamp();
            await load.RunAsync(plan.Rate, TimeSpan.FromSeconds(plan.Seconds), ct);
            return (load, load.Acknowledged.Count / clock.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>Kills the process with webhooks under way, and counts the acknowledged ones that are not in the database.</summary>
    private async Task<(int Acknowledged, int Lost)> KillAsync(WebhooksPlan plan, CancellationToken ct)
    {
        var (process, database) = await ListenerAsync("kill", ct);
        await using (process)
        {
            using var http = Client(process);
            var load = new Load(http, clock);
            var running = load.RunAsync(plan.Rate, TimeSpan.FromSeconds(6), ct);
            await Task.Delay(TimeSpan.FromSeconds(5), clock, ct);
            await process.KillAsync();
            await running;
            await using var source = NpgsqlDataSource.Create(database);
            await using var command = source.CreateCommand(
                "SELECT count(*) FROM registry_listener.deliveries WHERE delivery_id = ANY($1) AND deployment_id IS NOT NULL");
            command.Parameters.Add(new() { Value = load.Acknowledged.ToArray() });
            var stored = (long)(await command.ExecuteScalarAsync(ct))!;
            return (load.Acknowledged.Count, load.Acknowledged.Count - (int)stored);
        }
    }

    private async Task<FuzzReport> FuzzAsync(WebhooksPlan plan, CancellationToken ct)
    {
        say($"{plan.Payloads} broken webhooks");
        var database = await DatabaseAsync("fuzz", ct);
        await using var app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new RegistryListenerService()], builder =>
            builder.Configuration.AddInMemoryCollection(ListenerProcess.Settings(database, broker: null, Path.Combine(folder, "fuzz"))));
        await app.StartAsync(ct);
        await ListenerProcess.AddEndpointAsync(database, Fuzz.Model, ct);
        var fuzz = new Fuzz(app.Services.GetRequiredService<WebhookReceiver>(), app.Services, clock);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plan.Payloads), new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct },
            async (number, token) => await fuzz.RunAsync(number, 1, plan.Seed, token));
        await app.StopAsync(ct);
        return fuzz.Report;
    }

    private async Task<(ListenerProcess Process, string Database)> ListenerAsync(string name, CancellationToken ct)
    {
        var database = await DatabaseAsync(name, ct);
        var broker = await rabbit.CreateVirtualHostAsync(name, ct);
        await PromotionSink.BindAsync(broker, ct);
        var settings = ListenerProcess.Settings(database, broker, Path.Combine(folder, name));
        var process = await ListenerProcess.StartAsync(settings, folder, ct);
        await ListenerProcess.AddEndpointAsync(database, Load.Model, ct);
        return (process, database);
    }

    private async Task<string> DatabaseAsync(string name, CancellationToken ct) =>
        new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(name, ct)) { MaxPoolSize = 10 }.ConnectionString;

    private static HttpClient Client(ListenerProcess process) => new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
    {
        BaseAddress = process.Address,
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Nearest rank.</summary>
    private static double At(List<double> ascending, double share) =>
        ascending.Count == 0 ? double.NaN : Math.Round(ascending[Math.Max(0, (int)Math.Ceiling(share * ascending.Count) - 1)], 1);
}
