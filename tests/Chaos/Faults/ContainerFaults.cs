using BlueGreen.Chaos.Scripts;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos.Faults;

/// <summary>Stops and kills broker and database. One fault at a time for each of the two.</summary>
internal sealed class ContainerFaults(PostgreSqlServer database, RabbitMqServer broker, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _database = new(1);
    private readonly SemaphoreSlim _broker = new(1);

    public async Task DoAsync(FaultStep step, Action down, CancellationToken ct)
    {
        var isDatabase = step.Kind is FaultKind.DatabaseKill or FaultKind.DatabaseStop;
        ContainerServer server = isDatabase ? database : broker;
        var turn = isDatabase ? _database : _broker;
        await turn.WaitAsync(ct);
        try
        {
            if (step.Kind is FaultKind.DatabaseKill or FaultKind.BrokerKill) await server.KillAsync(CancellationToken.None);
            else await server.StopAsync(CancellationToken.None);
            down();
            await Task.Delay(step.Lasts, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Whatever happened meanwhile: the next seed needs it too.
            await server.StartAsync(CancellationToken.None);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        _broker.Dispose();
    }
}
