using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace BlueGreen.Chaos.Taps;

/// <summary>Gets a copy of every message of the platform, and can deliver them again.</summary>
internal sealed class MessageTap : IAsyncDisposable
{
    public const string Queue = "chaos-tap";
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly List<Captured> _captured = [];

    private MessageTap(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>How many messages were captured so far: a position in <see cref="Since"/>.</summary>
    public int Count
    {
        get
        {
            lock (_captured) return _captured.Count;
        }
    }

    public static async Task<MessageTap> OpenAsync(string broker, IReadOnlyList<string> exchanges, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = new Uri(broker), NetworkRecoveryInterval = TimeSpan.FromSeconds(1) };
        var connection = await factory.CreateConnectionAsync("chaos", ct);
        var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var tap = new MessageTap(connection, channel);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: ct);
        foreach (var exchange in exchanges) await channel.QueueBindAsync(Queue, exchange, "", cancellationToken: ct);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += tap.CaptureAsync;
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, ct);
        return tap;
    }

    /// <summary>What was captured from a position on, of some exchanges or of all.</summary>
    public IReadOnlyList<Captured> Since(int position, IReadOnlyCollection<string>? exchanges = null)
    {
        lock (_captured) return [.. _captured.Skip(position).Where(message => exchanges?.Contains(message.Exchange) != false)];
    }

    /// <summary>Delivers them again, as they were, in the order given.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.RabbitMQClientException">The broker is not there.</exception>
    public async Task RepublishAsync(IReadOnlyList<Captured> messages, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            var properties = new BasicProperties(message.Properties) { DeliveryMode = DeliveryModes.Persistent };
            await _channel.BasicPublishAsync(message.Exchange, "", mandatory: false, properties, message.Body, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task CaptureAsync(object sender, BasicDeliverEventArgs delivery)
    {
        lock (_captured)
            _captured.Add(new Captured(delivery.Exchange, new BasicProperties(delivery.BasicProperties), delivery.Body.ToArray()));
        await _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
    }

    internal sealed record Captured(string Exchange, BasicProperties Properties, byte[] Body);
}
