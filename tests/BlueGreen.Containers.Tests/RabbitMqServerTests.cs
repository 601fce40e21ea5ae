using System.Text;
using BlueGreen.Testing.Containers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Containers.Tests;

public sealed class RabbitMqServerTests(RabbitMqServer server, ITestOutputHelper output)
{
    // A quorum queue registers itself on disk up to a second after it was declared: too late for a kill right away.
    private static readonly Dictionary<string, object?> Classic = new() { ["x-queue-type"] = "classic" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoVirtualHostsOfOneName_SeeNothingOfEachOther()
    {
        await using var first = await ConnectAsync(await server.CreateVirtualHostAsync("bus", Ct));
        await using var second = await ConnectAsync(await server.CreateVirtualHostAsync("bus", Ct));
        await using var declaring = await first.CreateChannelAsync(cancellationToken: Ct);
        await using var looking = await second.CreateChannelAsync(cancellationToken: Ct);

        await declaring.QueueDeclareAsync("q", durable: true, exclusive: false, autoDelete: false, Classic, cancellationToken: Ct);

        var refusal = await Assert.ThrowsAsync<OperationInterruptedException>(() => looking.QueueDeclarePassiveAsync("q", Ct));
        Assert.Equal((ushort?)404, refusal.ShutdownReason?.ReplyCode);
        output.WriteLine($"started in {server.StartedIn.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task DefaultVirtualHost_AcceptsTheAdministrator()
    {
        await using var connection = await ConnectAsync(server.ConnectionString);

        Assert.True(connection.IsOpen);
    }

    [Fact]
    public Task Restarted_KeepsAddressAndConfirmedMessages() => KeepsConfirmedMessagesOver(server.StopAsync);

    [Fact]
    public Task Killed_KeepsConfirmedMessages() => KeepsConfirmedMessagesOver(server.KillAsync);

    private async Task KeepsConfirmedMessagesOver(Func<CancellationToken, Task> end)
    {
        var address = await server.CreateVirtualHostAsync("kept", Ct);
        // What was declared in the second before a kill may be gone; an orderly restart puts it on disk. The messages are what is tested.
        await DeclareAsync(address);
        await server.StopAsync(Ct);
        await server.StartAsync(Ct);
        await PublishAsync(address, "still here");

        await end(Ct);
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => ConnectAsync(address));
        await server.StartAsync(Ct);

        await using var connection = await ConnectAsync(address);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        var message = await channel.BasicGetAsync("q", autoAck: true, Ct);
        Assert.Equal("still here", Encoding.UTF8.GetString(Assert.IsType<BasicGetResult>(message).Body.Span));
        output.WriteLine($"restarted in {server.StartedIn.TotalSeconds:0.0} s");
    }

    private static async Task DeclareAsync(string address)
    {
        await using var connection = await ConnectAsync(address);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.QueueDeclareAsync("q", durable: true, exclusive: false, autoDelete: false, Classic, cancellationToken: Ct);
    }

    private static async Task PublishAsync(string address, string text)
    {
        await using var connection = await ConnectAsync(address);
        var confirming = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(confirming, Ct);
        var properties = new BasicProperties { Persistent = true };
        await channel.BasicPublishAsync(string.Empty, "q", mandatory: true, properties, Encoding.UTF8.GetBytes(text), Ct);
    }

    private static Task<IConnection> ConnectAsync(string address) =>
        new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(Ct);
}
