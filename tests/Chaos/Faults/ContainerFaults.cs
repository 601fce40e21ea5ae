using BlueGreen.Chaos.Scripts;
using BlueGreen.Demo.Hosting;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos.Faults;

/// <summary>
/// Stops and kills broker and database, one fault at a time for each of the two. Where the engine's processes are this machine's, the
/// signal goes to the server directly: asking the engine takes longer than some states last.
/// </summary>
internal sealed class ContainerFaults : IDisposable
{
    private const int Sigint = 2;
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private readonly Server _database;
    private readonly Server _broker;
    private readonly TimeProvider _time;

    public ContainerFaults(PostgreSqlServer database, RabbitMqServer broker, TimeProvider time)
    {
        // SIGINT is PostgreSQL's fast shutdown, SIGTERM would wait for its clients to leave.
        _database = new Server(database, Sigint);
        _broker = new Server(broker, Sigterm);
        _time = time;
    }

    /// <summary>Learns the servers' process ids, before they are needed.</summary>
    public Task PrepareAsync(CancellationToken ct) => Task.WhenAll(_database.FindAsync(ct), _broker.FindAsync(ct));

    public async Task DoAsync(FaultStep step, Action down, CancellationToken ct)
    {
        var server = step.Kind is FaultKind.DatabaseKill or FaultKind.DatabaseStop ? _database : _broker;
        var isKill = step.Kind is FaultKind.DatabaseKill or FaultKind.BrokerKill;
        await server.Turn.WaitAsync(ct);
        try
        {
            var isSignalled = server.TrySignal(isKill ? Sigkill : server.StopSignal);
            if (isSignalled) down();
            if (isKill && !isSignalled) await server.Container.KillAsync(CancellationToken.None);
            else await server.Container.StopAsync(CancellationToken.None);
            down();
            await Task.Delay(step.Lasts, _time, ct);
            await server.Container.StartAsync(CancellationToken.None);
            await server.FindAsync(CancellationToken.None);
        }
        finally
        {
            server.Turn.Release();
        }
    }

    public void Dispose()
    {
        _database.Turn.Dispose();
        _broker.Turn.Dispose();
    }

    private sealed class Server(ContainerServer container, int stopSignal)
    {
        private int _process;

        public ContainerServer Container => container;
        public int StopSignal => stopSignal;
        public SemaphoreSlim Turn { get; } = new(1);

        public async Task FindAsync(CancellationToken ct) => _process = await container.ProcessIdAsync(ct);

        public bool TrySignal(int signal) => _process > 1 && ChildProcess.Kill(_process, signal) == 0;
    }
}
