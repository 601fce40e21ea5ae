using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Bench.Routing.Running;

/// <summary>A real database, a real broker and a folder for one run.</summary>
internal sealed class Backends : IAsyncDisposable
{
    private const int Connections = 10;

    public PostgreSqlServer Postgres { get; } = new();
    public RabbitMqServer Rabbit { get; } = new();
    public string Folder { get; } = Directory.CreateTempSubdirectory("bluegreen-routing-").FullName;
    public string Database { get; private set; } = "";
    public string Broker { get; private set; } = "";

    public static async Task<Backends> StartAsync(CancellationToken ct)
    {
        var backends = new Backends();
        try
        {
            await Task.WhenAll(backends.Postgres.InitializeAsync().AsTask(), backends.Rabbit.InitializeAsync().AsTask());
            var created = await backends.Postgres.CreateDatabaseAsync("routing", ct);
            backends.Database = new NpgsqlConnectionStringBuilder(created) { MaxPoolSize = Connections }.ConnectionString;
            backends.Broker = await backends.Rabbit.CreateVirtualHostAsync("routing", ct);
            return backends;
        }
        catch
        {
            await backends.DisposeAsync();
            throw;
        }
    }

    public Task<RouterCluster> StartClusterAsync(CancellationToken ct, params (string Key, string Value)[] settings) =>
        RouterCluster.StartAsync([Database, Database, Database], Broker, Folder, settings, ct);

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Rabbit.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
