using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Work;

namespace BlueGreen.Platform.Persistence;

/// <summary>
/// A service's database outside of message consumption: webhooks, APIs, background loops.
/// Consumers use their injected context instead, which is already inside the message's transaction.
/// </summary>
public interface IServiceStore<TDb> where TDb : ServiceDbContext
{
    /// <summary>
    /// Runs <paramref name="work"/> in one transaction of its own, commits, then wakes dispatcher and workers.
    /// Nothing but the database may be touched inside. Not to be called from within a consumer or another write.
    /// </summary>
    Task<TResult> WriteAsync<TResult>(
        Func<ServiceTransaction<TDb>, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken);

    /// <summary>
    /// Does as <see cref="WriteAsync"/> does, and then takes everything back: nothing remains but compiled code
    /// (<c>docs/adr/0011</c>).
    /// </summary>
    Task RehearseAsync(Func<ServiceTransaction<TDb>, CancellationToken, Task> work, CancellationToken cancellationToken);

    /// <summary>Runs a query without change tracking.</summary>
    Task<TResult> ReadAsync<TResult>(
        Func<TDb, CancellationToken, Task<TResult>> query, CancellationToken cancellationToken);
}

/// <summary>What <see cref="IServiceStore{TDb}.WriteAsync"/> works with.</summary>
public sealed class ServiceTransaction<TDb> where TDb : ServiceDbContext
{
    private readonly Func<object, Type, CancellationToken, Task> _publish;
    private readonly Func<DateTimeOffset> _now;

    internal ServiceTransaction(
        TDb db, IWorkQueue<TDb> work, Func<object, Type, CancellationToken, Task> publish, Func<DateTimeOffset> now)
    {
        _now = now;
        Db = db;
        Work = work;
        _publish = publish;
    }

    /// <summary>The context of this transaction; changes are saved by the store.</summary>
    public TDb Db { get; }

    /// <summary>Asks for work: the items exist if, and only if, this transaction commits.</summary>
    public IWorkQueue<TDb> Work { get; }

    /// <summary>Adds the message to the outbox: it is sent if, and only if, this transaction commits.</summary>
    public Task PublishAsync<TMessage>(TMessage message, CancellationToken cancellationToken) where TMessage : class =>
        _publish(message, message.GetType(), cancellationToken);

    /// <summary>Sends a message that was given up to its queue again, if this transaction commits. Doing so twice with one id fails.</summary>
    /// <param name="message">The message as it was.</param>
    /// <param name="queue">The queue that it was given up at.</param>
    /// <param name="messageId">Its new id: under the old one it counts as handled.</param>
    public void Resend(StoredMessage message, string queue, Guid messageId) => OutboxRows.AddAgain(Db, message, queue, messageId, _now());
}
