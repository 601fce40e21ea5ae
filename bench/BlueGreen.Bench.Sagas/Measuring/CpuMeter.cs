using BlueGreen.Bench.Sagas.Running;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Bench.Sagas.Measuring;

/// <summary>Processor time of everything that a deployment needs: the seven processes, the broker, the database.</summary>
internal sealed class CpuMeter(SevenProcesses platform, PostgreSqlServer postgres, RabbitMqServer rabbit)
{
    /// <returns>Time used so far, by name.</returns>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> ReadAsync(CancellationToken ct)
    {
        var used = platform.All.ToDictionary(process => process.Name, process => process.Cpu);
        used["postgresql"] = await postgres.CpuTimeAsync(ct);
        used["rabbitmq"] = await rabbit.CpuTimeAsync(ct);
        return used;
    }

    /// <returns>Milliseconds per deployment, by name.</returns>
    public static IReadOnlyDictionary<string, double> Between(
        IReadOnlyDictionary<string, TimeSpan> before, IReadOnlyDictionary<string, TimeSpan> after, int deployments) =>
        after.ToDictionary(entry => entry.Key, entry => Math.Round((entry.Value - before[entry.Key]).TotalMilliseconds / deployments, 2));
}
