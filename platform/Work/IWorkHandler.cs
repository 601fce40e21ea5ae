using BlueGreen.Platform.Persistence;

namespace BlueGreen.Platform.Work;

/// <summary>
/// Does the long part of a command, outside of any transaction: the only place where ports are called.
/// A crash runs it again with the same command, so its effects must be idempotent on deployment and attempt.
/// </summary>
public interface IWorkHandler<in TCommand> where TCommand : class
{
    /// <summary>
    /// Expected failures are outcomes; an exception means "try again later".
    /// The token is cancelled when the lease is lost: to a newer attempt, a cancel, another process or shutdown.
    /// </summary>
    Task<WorkOutcome> RunAsync(TCommand command, IWorkLease lease, CancellationToken cancellationToken);

    /// <summary>The outcome to publish when every try ended in an exception.</summary>
    WorkOutcome GiveUp(TCommand command, string reason);
}

/// <summary>The right to work on an item, held while its heartbeat succeeds.</summary>
public interface IWorkLease
{
    /// <summary>1 for the first run of this item, then counting up with every exception that is not the database's or the broker's.</summary>
    int Try { get; }

    /// <summary>When the work was asked for.</summary>
    DateTimeOffset RequestedAt { get; }

    /// <summary>To be called right before every effect. Throws <see cref="WorkFencedException"/> when the item is no longer ours.</summary>
    Task EnsureHeldAsync(CancellationToken cancellationToken);
}

/// <summary>The item belongs to a newer attempt or another worker now; whatever is in progress must stop without an effect.</summary>
public sealed class WorkFencedException(string message) : Exception(message);

/// <summary>What a finished work item says to the others: messages, and rows written in the same transaction.</summary>
public sealed class WorkOutcome
{
    private WorkOutcome(IReadOnlyList<object> messages, Func<ServiceDbContext, CancellationToken, Task>? write)
    {
        Messages = messages;
        Write = write;
    }

    /// <summary>Nothing to say.</summary>
    public static WorkOutcome Silent { get; } = new([], null);

    /// <summary>What will be published, in order.</summary>
    public IReadOnlyList<object> Messages { get; }
    internal Func<ServiceDbContext, CancellationToken, Task>? Write { get; }

    /// <summary>Publishes through the outbox, in the transaction that removes the work item.</summary>
    public static WorkOutcome Publish(params IReadOnlyList<object> messages) => new(messages, null);

    /// <summary>Also writes rows in that transaction.</summary>
    public WorkOutcome AndWrite<TDb>(Func<TDb, CancellationToken, Task> write) where TDb : ServiceDbContext =>
        new(Messages, (db, token) => write((TDb)db, token));
}
