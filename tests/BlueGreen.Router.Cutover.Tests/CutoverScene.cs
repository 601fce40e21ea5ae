using BlueGreen.Bench.Routing.Running;
using BlueGreen.Contracts;
using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>Three router processes, each with a line of its own to the one database.</summary>
internal sealed class CutoverScene : IAsyncDisposable
{
    /// <summary>Long enough for a machine that does other things as well, short enough to be waited for.</summary>
    public static readonly TimeSpan LeaseTtl = TimeSpan.FromSeconds(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-cutover-").FullName;
    private readonly List<DatabaseLine> _lines = [];
    private NpgsqlDataSource _database = null!;

    public RouterCluster Cluster { get; private set; } = null!;
    public IReadOnlyList<DatabaseLine> Lines => _lines;

    public static async Task<CutoverScene> StartAsync(
        PostgreSqlServer postgres, RabbitMqServer rabbit, CancellationToken ct, params (string Key, string Value)[] settings)
    {
        var scene = new CutoverScene();
        try
        {
            var direct = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync("cutover", ct)) { MaxPoolSize = 10 };
            scene._database = NpgsqlDataSource.Create(direct.ConnectionString);
            for (var replica = 0; replica < 3; replica++) scene._lines.Add(new DatabaseLine(direct.Host!, direct.Port));
            var databases = scene._lines
                .Select(line => new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = line.Port, Timeout = 2 }.ConnectionString)
                .ToArray();
            scene.Cluster = await RouterCluster.StartAsync(databases, await rabbit.CreateVirtualHostAsync("cutover", ct), scene._folder, [
                ("BlueGreen:Router:LeaseTtl", $"{LeaseTtl}"), ("BlueGreen:Router:SwitchDeadline", "00:00:01"), ("BlueGreen:Router:PrepareLimit", "00:00:01"), ("BlueGreen:Router:HoldLimit", "00:00:06"),
                ("BlueGreen:Work:Lease", "00:00:03"), ("BlueGreen:Bus:OutageHold", "00:00:06"), ("BlueGreen:Bus:Heartbeat", "00:00:05"), .. settings], ct);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a query's one value is not null.</summary>
    public async Task<string> UntilAsync(string query, CancellationToken ct)
    {
        await using var command = _database.CreateCommand(query);
        while (true)
        {
            if (await command.ExecuteScalarAsync(ct) is { } value and not DBNull) return value.ToString()!;
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct);
        }
    }

    /// <summary>
    /// Has the commit of every strict switch wait in the database, after all replicas have acknowledged, for as long as what is returned lives:
    /// its own lock on the route's row is taken by then, and its transaction open.
    /// </summary>
    public Task<CommitGate> GateCommitsAsync(CancellationToken ct) => CommitGate.CloseAsync(_database, ct);

    /// <summary>Configures an endpoint and makes blue its first version.</summary>
    /// <returns>The epoch.</returns>
    public async Task<long> FirstAsync(string endpoint, string cutover, string onControlPlaneLoss, CancellationToken ct, TrafficPolicy? traffic = null)
    {
        await Cluster.Bus.PublishAsync(Endpoints.Configured(endpoint, cutover, onControlPlaneLoss, traffic), ct);
        await UntilAsync($"SELECT version FROM router.routes WHERE endpoint = '{endpoint}'", ct);
        return (await SwitchAsync(endpoint, 0, Cluster.Blue, ct)).Epoch;
    }

    /// <summary>A switch that must be made; one without an outcome says how things stood.</summary>
    public async Task<TrafficSwitched> SwitchAsync(string endpoint, long epoch, Fleet fleet, CancellationToken ct)
    {
        try
        {
            return await Cluster.Bus.MustSwitchAsync(endpoint, epoch, fleet, ct);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"No outcome of the switch of {endpoint}:\n{await SceneReport.OfAsync(_database, _folder)}", late);
        }
    }

    /// <summary>The replica that works on the switch: who holds the work item's lease.</summary>
    public async Task<RouterReplica> CoordinatorAsync(CancellationToken ct)
    {
        var owner = await UntilAsync("SELECT lease_owner FROM router.work_items WHERE kind LIKE '%SwitchTraffic%' AND lease_owner IS NOT NULL LIMIT 1", ct);
        var id = int.Parse(owner[(owner.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return Cluster.Routers.Single(router => router.Process.Id == id);
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null) await Cluster.DisposeAsync();
        foreach (var line in _lines) await line.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
