using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Platform.Messaging;

/// <summary>What the broker itself says about queues, on a connection that has nothing to do with the bus's.</summary>
internal sealed class BrokerView(IOptions<BusOptions> options) : IAsyncDisposable
{
    private const ushort NotFound = 404;
    private IConnection? _connection;

    /// <summary>Those of the queues that nobody consumes, or that are not there.</summary>
    /// <exception cref="Exception">The broker did not answer.</exception>
    public async Task<IReadOnlySet<string>> WithoutConsumerAsync(IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        var found = new HashSet<string>();
        IChannel? channel = null;
        try
        {
            foreach (var queue in queues)
            {
                channel ??= await connection.CreateChannelAsync(cancellationToken: cancellationToken);
                try
                {
                    if ((await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).ConsumerCount == 0) found.Add(queue);
                }
                catch (OperationInterruptedException exception) when (connection.IsOpen)
                {
                    // What else is said of one queue, say that it may not be looked at, says nothing about the others.
                    if (exception.ShutdownReason?.ReplyCode == NotFound) found.Add(queue);
                    // The answer has ended the channel.
                    await channel.DisposeAsync();
                    channel = null;
                }
            }

            return found;
        }
        finally
        {
            if (channel is not null) await channel.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true }) return _connection;
        await DisposeAsync();
        var factory = new ConnectionFactory
        {
            Uri = new Uri(options.Value.Host),
            ClientProvidedName = "consumer watch",
            AutomaticRecoveryEnabled = false,
        };
        return _connection = await factory.CreateConnectionAsync(cancellationToken);
    }
}
