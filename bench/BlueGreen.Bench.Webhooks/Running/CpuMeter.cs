using System.Diagnostics;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>Processor time of everything that shares the machine while the rate is measured; this process sends.</summary>
internal sealed class CpuMeter(ListenerProcess listener, PostgreSqlServer postgres, RabbitMqServer rabbit)
{
    /// <returns>Time used so far, by name.</returns>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> ReadAsync(CancellationToken ct)
    {
        using var self = Process.GetCurrentProcess();
        return new Dictionary<string, TimeSpan>
        {
            ["listener"] = listener.Cpu,
            ["sender"] = self.TotalProcessorTime,
            ["postgresql"] = await postgres.CpuTimeAsync(ct),
            ["rabbitmq"] = await rabbit.CpuTimeAsync(ct),
        };
    }

    /// <returns>Milliseconds per webhook, by name.</returns>
    public static IReadOnlyDictionary<string, double> Between(
        IReadOnlyDictionary<string, TimeSpan> before, IReadOnlyDictionary<string, TimeSpan> after, int webhooks) =>
        after.ToDictionary(entry => entry.Key, entry => Math.Round((entry.Value - before[entry.Key]).TotalMilliseconds / Math.Max(1, webhooks), 3));
}
