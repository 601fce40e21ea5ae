using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Waiting;
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

    /// <summary>For one thing asked of the engine, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan EngineLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMinutes(4);

    private readonly Server _database;
    private readonly Server _broker;
    private readonly Waits _waits;
    private readonly TimeProvider _time;

    public ContainerFaults(PostgreSqlServer database, RabbitMqServer broker, Waits waits, TimeProvider time)
    {
        // SIGINT is PostgreSQL's fast shutdown, SIGTERM would wait for its clients to leave.
        _database = new Server("the database", database, Sigint);
        _broker = new Server("the broker", broker, Sigterm);
        (_waits, _time) = (waits, time);
    }

    /// <summary>Learns the servers' process ids, before they are needed.</summary>
    public Task PrepareAsync(CancellationToken ct) => Task.WhenAll(FindAsync(_database, ct), FindAsync(_broker, ct));

    public async Task DoAsync(FaultStep step, Action down, CancellationToken ct)
    {
        var server = step.Kind is FaultKind.DatabaseKill or FaultKind.DatabaseStop ? _database : _broker;
        var isKill = step.Kind is FaultKind.DatabaseKill or FaultKind.BrokerKill;
        await _waits.ForAsync($"the turn of {server.Name}", TurnLimit, token => server.Turn.WaitAsync(token), ct);
        try
        {
            await TakeDownAsync(server, isKill, down, ct);
            await Task.Delay(step.Lasts, _time, ct);
        }
        finally
        {
            // Whatever has ended the run: the next one needs them.
            await _waits.ForAsync($"{server.Name} to start", EngineLimit, server.Container.StartAsync, CancellationToken.None);
            await FindAsync(server, CancellationToken.None);
            server.Turn.Release();
        }
    }

    public void Dispose()
    {
        _database.Turn.Dispose();
        _broker.Turn.Dispose();
    }

    private async Task TakeDownAsync(Server server, bool isKill, Action down, CancellationToken ct)
    {
        var isSignalled = server.TrySignal(isKill ? Sigkill : server.StopSignal);
        if (isSignalled) down();
        await _waits.ForAsync(
            $"{server.Name} to {(isKill ? "die" : "stop")}", EngineLimit,
            token => isKill && !isSignalled ? server.Container.KillAsync(token) : server.Container.StopAsync(token), ct);
        down();
    }

    private Task FindAsync(Server server, CancellationToken ct) =>
        _waits.ForAsync($"the process id of {server.Name}", EngineLimit, server.FindAsync, ct);

    private sealed class Server(string name, ContainerServer container, int stopSignal)
    {
        private int _process;

        public string Name => name;
        public ContainerServer Container => container;
        public int StopSignal => stopSignal;
        public SemaphoreSlim Turn { get; } = new(1);

        public async Task FindAsync(CancellationToken ct) => _process = await container.ProcessIdAsync(ct);

        public bool TrySignal(int signal) => _process > 1 && ChildProcess.Kill(_process, signal) == 0;
    }
}
