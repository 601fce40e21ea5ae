using BlueGreen.Contracts;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Faults;

/// <summary>Says <see cref="MessageFaulted"/> through the service's own outbox, in the transaction that marks the message as handled.</summary>
internal sealed class FaultJournal<TDb>(
    IServiceStore<TDb> store,
    ServiceName<TDb> service,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<FaultJournal<TDb>> log,
    IFaultSink<TDb>? sink = null) where TDb : ServiceDbContext
{
    public string Service => service.Value;
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>False: saying it would make the next fault of the same kind.</summary>
    public bool CanStore(MessageFaulted fault) => !IsAboutAFault(fault) || sink is not null;

    /// <summary>Waits for a database that is away until the host stops; the message then goes back to where it came from.</summary>
    public async Task StoreAsync(MessageFaulted fault, InboxKey? key, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        await Outage.OutlastAsync(
            ending => store.WriteAsync((transaction, token) => WriteAsync(transaction, fault, key, token), ending),
            exception => log.FaultPostponed(fault.Queue, exception), clock, either.Token);
    }

    private async Task<bool> WriteAsync(
        ServiceTransaction<TDb> transaction, MessageFaulted fault, InboxKey? key, CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            var isKnown = await transaction.Db.Inbox.AnyAsync(
                row => row.MessageId == key.MessageId && row.ConsumerId == key.ConsumerId, cancellationToken);
            if (isKnown) return false;
            transaction.Db.Inbox.Add(new InboxMessage
            {
                MessageId = key.MessageId,
                ConsumerId = key.ConsumerId,
                ReceivedAt = Now,
            });
        }

        if (sink is not null && IsAboutAFault(fault)) await sink.KeepAsync(transaction.Db, fault, cancellationToken);
        else await transaction.PublishAsync(fault, cancellationToken);
        return true;
    }

    private static bool IsAboutAFault(MessageFaulted fault) => fault.MessageType == nameof(MessageFaulted);
}
