using BlueGreen.Platform.Tests.Fixture;
using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(Servers))]

namespace BlueGreen.Platform.Tests.Fixture;

/// <summary>A PostgreSQL and a RabbitMQ, with a database and a virtual host for each test that asks.</summary>
public sealed class Servers : IAsyncLifetime
{
    public PostgreSqlServer Postgres { get; } = new();
    public RabbitMqServer RabbitMq { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await RabbitMq.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
    }

    /// <summary>Settings of a host on a fresh database and virtual host of these servers, or of the given ones.</summary>
    internal async Task<Dictionary<string, string?>> SettingsAsync(PostgreSqlServer? postgres = null, RabbitMqServer? rabbitMq = null)
    {
        var ct = TestContext.Current.CancellationToken;
        return new Dictionary<string, string?>
        {
            ["BlueGreen:Database:Provider"] = "postgres",
            ["BlueGreen:Database:ConnectionString"] = await (postgres ?? Postgres).CreateDatabaseAsync("platform", ct),
            ["BlueGreen:Bus:Transport"] = "rabbitmq",
            ["BlueGreen:Bus:Host"] = await (rabbitMq ?? RabbitMq).CreateVirtualHostAsync("platform", ct),
            ["BlueGreen:Bus:DispatchPoll"] = "00:00:00.5",
            ["BlueGreen:Bus:SendTimeout"] = "00:00:02",
        };
    }
}
