using BlueGreen.Orchestrator.Tests.Deployments.Fixture;
using BlueGreen.Testing.Containers;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace BlueGreen.Orchestrator.Tests.Faults;

/// <summary>On PostgreSQL and RabbitMQ.</summary>
public sealed class ReplayOnServersTests(PostgreSqlServer postgres, RabbitMqServer rabbitMq) : ReplayTests
{
    private protected override Task<SagaHost> StartAsync() => Servers.StartAsync(postgres, rabbitMq);
}

/// <inheritdoc cref="ReplayOnServersTests"/>
public sealed class FaultListOnServersTests(PostgreSqlServer postgres, RabbitMqServer rabbitMq) : FaultListTests
{
    private protected override Task<SagaHost> StartAsync() => Servers.StartAsync(postgres, rabbitMq);

    [Fact]
    public async Task Fault_InTheErrorQueueOfTheList_EndsOnTheListOnce()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var host = await StartAsync();
        const string queue = "orchestrator-fault-recorder_error";
        var factory = new ConnectionFactory { Uri = new Uri(host.Settings["BlueGreen:Bus:Host"]!) };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: ct);
        var body = """{"messageId":"9c6a4e3f-0f3e-4d3a-9a53-5d3c8d4c3b11","messageType":["urn:message:BlueGreen.Contracts:MessageFaulted"],"message":{"body":"%"} }"""u8;
        await channel.BasicPublishAsync("", queue, body.ToArray(), ct);

        await SagaHost.UntilAsync(async () => await CountAsync(host) == 1);
        // Twice around would be seen by now: the side queues are emptied every second, but looked for in every tenth round only.
        await channel.BasicPublishAsync("", queue, "{}"u8.ToArray(), ct);
        await SagaHost.UntilAsync(async () => await CountAsync(host) == 2);
        Assert.Equal(0u, (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount);
    }

    private static Task<int> CountAsync(SagaHost host) =>
        host.Store.ReadAsync((db, token) => db.Faults.CountAsync(token), TestContext.Current.CancellationToken);
}

internal static class Servers
{
    public static async Task<SagaHost> StartAsync(PostgreSqlServer postgres, RabbitMqServer rabbitMq)
    {
        var ct = TestContext.Current.CancellationToken;
        return await SagaHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["BlueGreen:Database:Provider"] = "postgres",
            ["BlueGreen:Database:ConnectionString"] = await postgres.CreateDatabaseAsync("faults", ct),
            ["BlueGreen:Bus:Transport"] = "rabbitmq",
            ["BlueGreen:Bus:Host"] = await rabbitMq.CreateVirtualHostAsync("faults", ct),
            ["BlueGreen:Bus:DispatchPoll"] = "00:00:00.5",
            ["BlueGreen:Bus:SideQueuePoll"] = "00:00:01",
        });
    }
}
