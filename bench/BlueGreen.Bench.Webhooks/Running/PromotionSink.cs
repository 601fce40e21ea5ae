using RabbitMQ.Client;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>A queue where the orchestrator's would be, so that promotions are taken; it keeps the newest few.</summary>
internal static class PromotionSink
{
    private const string Exchange = "BlueGreen.Contracts:ModelPromoted";
    private const string Queue = "promotions";

    public static async Task BindAsync(string broker, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = new Uri(broker) };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true, cancellationToken: ct);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = 1000 }, cancellationToken: ct);
        await channel.QueueBindAsync(Queue, Exchange, routingKey: "", cancellationToken: ct);
    }
}
