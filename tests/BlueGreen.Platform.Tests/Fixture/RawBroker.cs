using RabbitMQ.Client;

namespace BlueGreen.Platform.Tests.Fixture;

/// <summary>The broker of some settings without MassTransit between.</summary>
internal static class RawBroker
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<IConnection> ConnectAsync(Dictionary<string, string?> settings) =>
        await new ConnectionFactory { Uri = new Uri(settings["BlueGreen:Bus:Host"]!) }.CreateConnectionAsync(Cancelled);

    public static async Task DeclareAsync(
        Dictionary<string, string?> settings, string queue, Dictionary<string, object?>? arguments = null)
    {
        await using var connection = await ConnectAsync(settings);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancelled);
    }

    public static async Task<uint> CountAsync(Dictionary<string, string?> settings, string queue)
    {
        await using var connection = await ConnectAsync(settings);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        return (await channel.QueueDeclarePassiveAsync(queue, Cancelled)).MessageCount;
    }

    public static async Task PutAsync(Dictionary<string, string?> settings, string queue, byte[] body, Guid id)
    {
        await using var connection = await ConnectAsync(settings);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancelled);
        var properties = new BasicProperties
        {
            MessageId = id.ToString(),
            ContentType = "application/vnd.masstransit+json",
            Headers = new Dictionary<string, object?> { ["MT-Fault-Message"] = "it was rude" },
        };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, body, Cancelled);
    }

    public static async Task BindAsync(Dictionary<string, string?> settings, string queue, string exchange)
    {
        await using var connection = await ConnectAsync(settings);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: Cancelled);
    }

    public static async Task DeleteAsync(Dictionary<string, string?> settings, string queue)
    {
        await using var connection = await ConnectAsync(settings);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: Cancelled);
    }
}
