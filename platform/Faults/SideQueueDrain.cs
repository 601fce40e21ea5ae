using System.Globalization;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Platform.Faults;

/// <summary>
/// Empties the <c>_error</c> and <c>_skipped</c> queues of a service's own queues into the faults: what an older version, another tool or
/// our own last resort put there. A message is acknowledged after its fault is stored.
/// </summary>
internal sealed class SideQueueDrain<TDb>(
    FaultJournal<TDb> journal,
    DurableQueues<TDb> queues,
    IOptions<BusOptions> options,
    TimeProvider clock,
    ILogger<SideQueueDrain<TDb>> log) : BackgroundService where TDb : ServiceDbContext
{
    private const ushort NotFound = 404;

    /// <summary>Asking for a queue that is not there costs a channel and a line in the broker's log: only every so many rounds.</summary>
    private const int RoundsPerSearch = 10;
    private static readonly (string Suffix, FaultKind Kind)[] Sides = [("_error", FaultKind.Message), ("_skipped", FaultKind.Skipped)];

    private readonly HashSet<string> _found = [];
    private int _round;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IsEmbedded) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.SideQueuePoll, clock, stoppingToken);
                await DrainAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.DrainFailed(journal.Service, exception);
            }
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var isSearch = _round++ % RoundsPerSearch == 0;
        if (!isSearch && _found.Count == 0) return;
        var factory = new ConnectionFactory
        {
            Uri = new Uri(options.Value.Host),
            ClientProvidedName = $"{journal.Service} side queues",
            AutomaticRecoveryEnabled = false,
        };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        foreach (var queue in queues.Names)
            foreach (var (suffix, kind) in Sides.Where(side => isSearch || _found.Contains(queue + side.Suffix)))
                await DrainAsync(connection, queue, suffix, kind, cancellationToken);
    }

    private async Task DrainAsync(IConnection connection, string queue, string suffix, FaultKind kind, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        uint waiting;
        try
        {
            waiting = (await channel.QueueDeclarePassiveAsync(queue + suffix, cancellationToken)).MessageCount;
            _found.Add(queue + suffix);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == NotFound)
        {
            return;
        }

        // Bounded by what waited at first: a fault that cannot be stored must not go round.
        var drained = 0;
        for (; drained < waiting; drained++)
        {
            if (await channel.BasicGetAsync(queue + suffix, autoAck: false, cancellationToken) is not { } message) break;
            var fault = Read(message, queue, kind);
            await journal.StoreAsync(fault, InboxKey.At(queue + suffix, fault.MessageId), cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
        }

        if (drained > 0) log.SideQueueDrained(drained, queue + suffix);
    }

    private MessageFaulted Read(BasicGetResult message, string queue, FaultKind kind)
    {
        var properties = message.BasicProperties;
        var headers = (properties.Headers ?? new Dictionary<string, object?>()).ToDictionary(header => header.Key, header => Text(header.Value));
        Guid? id = Guid.TryParse(properties.MessageId, out var messageId) ? messageId : null;
        return FaultRecords.OfErrorQueue(
            kind, journal.Service, queue, message.Body.ToArray(), properties.ContentType, headers, id, journal.Now);
    }

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
