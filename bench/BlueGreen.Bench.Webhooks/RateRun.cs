using BlueGreen.Bench.Webhooks.Running;
using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Bench.Webhooks;

/// <summary>Good webhooks at a fixed rate, to a process of its own; then another such process is killed with webhooks under way.</summary>
internal sealed class RateRun(PostgreSqlServer postgres, RabbitMqServer rabbit, string folder, Action<string> say, TimeProvider clock)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(40);

    public async Task<RateFigures> MeasureAsync(WebhooksPlan plan, CancellationToken ct)
    {
        var (load, seconds, cpu) = await LoadAsync(plan, ct);
        var latencies = load.Latencies.Order().ToList();
        var perSecond = Math.Round(load.Acknowledged.Count / seconds, 1);
        say($"{perSecond} accepted per second, p99 {At(latencies, 0.99)} ms; others: {string.Join(", ", load.Others)}");
        say($"processor time per webhook: {string.Join(", ", cpu.Select(part => $"{part.Key} {part.Value} ms"))}");
        var (acknowledged, lost) = await KillAsync(plan, ct);
        say($"{acknowledged} acknowledged before the kill, {lost} of them lost");
        return new RateFigures
        {
            AcceptedPerSecond = perSecond,
            P50 = At(latencies, 0.5),
            P99 = At(latencies, 0.99),
            P999 = At(latencies, 0.999),
            NotAccepted = load.Others.Values.Sum(count => (long)count),
            CpuPerWebhook = cpu,
            AcknowledgedAtKill = acknowledged,
            AcknowledgedLost = lost,
        };
    }

    private async Task<(Load Load, double Seconds, IReadOnlyDictionary<string, double> Cpu)> LoadAsync(WebhooksPlan plan, CancellationToken ct)
    {
        var (process, _) = await ListenerAsync("load", ct);
        await using (process)
        {
            using var http = Client(process);
            say("warming up");
            await new Load(http, clock).RunAsync(plan.Rate, WarmUp, ct);
            var load = new Load(http, clock) { First = plan.Rate * 1000 };
            var meter = new CpuMeter(process, postgres, rabbit);
            var before = await meter.ReadAsync(ct);
            say($"{plan.Rate} promotions a second for {plan.Seconds} s");
            var started = clock.GetTimestamp();
            await load.RunAsync(plan.Rate, TimeSpan.FromSeconds(plan.Seconds), ct);
            var seconds = clock.GetElapsedTime(started).TotalSeconds;
            return (load, seconds, CpuMeter.Between(before, await meter.ReadAsync(ct), load.Acknowledged.Count));
        }
    }

    /// <summary>Counts the acknowledged ones that are not in the database.</summary>
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

    private async Task<(ListenerProcess Process, string Database)> ListenerAsync(string name, CancellationToken ct)
    {
        var database = await BenchDatabase.CreateAsync(postgres, name, ct);
        var broker = await rabbit.CreateVirtualHostAsync(name, ct);
        await PromotionSink.BindAsync(broker, ct);
        var settings = ListenerProcess.Settings(database, broker, Path.Combine(folder, name));
        var process = await ListenerProcess.StartAsync(settings, folder, ct);
        await ListenerProcess.AddEndpointAsync(database, Load.Model, ct);
        return (process, database);
    }

    private static HttpClient Client(ListenerProcess process) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 256,
        ActivityHeadersPropagator = null,
        UseCookies = false,
    })
    {
        BaseAddress = process.Address,
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Nearest rank.</summary>
    private static double At(List<double> ascending, double share) =>
        ascending.Count == 0 ? double.NaN : Math.Round(ascending[Math.Max(0, (int)Math.Ceiling(share * ascending.Count) - 1)], 1);
}
