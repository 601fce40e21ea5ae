using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Chaos.Taps;

/// <summary>
/// Gets a copy of every message of the platform, and can deliver them again. Makes its connections itself, anew whenever one is lost: the
/// client's own recovery gives a channel up for good when the broker is not ready for it yet.
/// </summary>
internal sealed class MessageTap : IAsyncDisposable
{
    public const string Queue = "chaos-tap";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly ConnectionFactory _factory;
    private readonly IReadOnlyList<string> _exchanges;
    private readonly List<Captured> _captured = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _publishing = new(1);
    private Task _reading = Task.CompletedTask;
    private IConnection? _publisher;

    private MessageTap(string broker, IReadOnlyList<string> exchanges)
    {
        _factory = new ConnectionFactory
        {
            Uri = new Uri(broker),
            AutomaticRecoveryEnabled = false,
            ContinuationTimeout = AnswerLimit,
            RequestedConnectionTimeout = AnswerLimit,
        };
        _exchanges = exchanges;
    }

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
        var tap = new MessageTap(broker, exchanges);
        var bound = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tap._reading = tap.ReadAsync(bound);
        await bound.Task.WaitAsync(ct);
        return tap;
    }

    /// <summary>What was captured from a position on, of some exchanges or of all.</summary>
    public IReadOnlyList<Captured> Since(int position, IReadOnlyCollection<string>? exchanges = null)
    {
        lock (_captured) return [.. _captured.Skip(position).Where(message => exchanges?.Contains(message.Exchange) != false)];
    }

    /// <summary>Delivers them again, as they were, in the order given; returns when the broker has confirmed them all.</summary>
    /// <exception cref="RabbitMQClientException">The broker is not there.</exception>
    public async Task RepublishAsync(IReadOnlyList<Captured> messages, CancellationToken ct)
    {
        await _publishing.WaitAsync(ct);
        try
        {
            if (_publisher is not { IsOpen: true }) _publisher = await _factory.CreateConnectionAsync("chaos-publisher", ct);
            await using var channel = await _publisher.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
            foreach (var message in messages)
            {
                var properties = new BasicProperties(message.Properties) { DeliveryMode = DeliveryModes.Persistent };
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(AnswerLimit);
                await channel.BasicPublishAsync(message.Exchange, "", mandatory: false, properties, message.Body, limit.Token);
            }
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Returns when everything that had been routed to the tap has been captured.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        // What has been delivered is not counted: it is captured before the second look.
        for (var looks = 0; looks < 2;)
        {
            try
            {
                await using var connection = await _factory.CreateConnectionAsync("chaos-look", ct);
                await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
                looks = await channel.QueueDeclarePassiveAsync(Queue, ct) is { MessageCount: 0, ConsumerCount: > 0 } ? looks + 1 : 0;
            }
            catch (Exception away) when (IsAway(away) && !ct.IsCancellationRequested)
            {
                looks = 0;
            }

            await Task.Delay(Retry, TimeProvider.System, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        if (_publisher is not null) await _publisher.DisposeAsync();
        _publishing.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(TaskCompletionSource bound)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _factory.CreateConnectionAsync("chaos-tap", _stop.Token);
                var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var channel = await ConsumeAsync(connection, lost);
                bound.TrySetResult();
                await lost.Task.WaitAsync(_stop.Token);
            }
            catch (Exception away) when (IsAway(away))
            {
                // A new connection, in a moment.
            }

            await Task.Delay(Retry, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IChannel> ConsumeAsync(IConnection connection, TaskCompletionSource lost)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: _stop.Token);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            lost.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: _stop.Token);
        foreach (var exchange in _exchanges) await channel.QueueBindAsync(Queue, exchange, "", cancellationToken: _stop.Token);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += CaptureAsync;
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, _stop.Token);
        return channel;
    }

    private async Task CaptureAsync(object sender, BasicDeliverEventArgs delivery)
    {
        lock (_captured)
            _captured.Add(new Captured(delivery.Exchange, new BasicProperties(delivery.BasicProperties), delivery.Body.ToArray()));
        await ((AsyncEventingBasicConsumer)sender).Channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
    }

    private static bool IsAway(Exception exception) =>
        exception is RabbitMQClientException or IOException or OperationCanceledException or ObjectDisposedException or TimeoutException;

    internal sealed record Captured(string Exchange, BasicProperties Properties, byte[] Body);
}
