using BlueGreen.Contracts;
using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Work;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// One transaction per consumed message: inbox row, whatever the consumer or saga changes, and the rows of what it sends.
/// It touches only the database.
/// </summary>
internal sealed class ConsumeTransaction<TDb>(
    TDb db,
    WriteGate gate,
    ServiceSignals<TDb> signals,
    IServiceProvider services,
    Rehearsal rehearsal,
    TimeProvider clock,
    ILogger<ConsumeTransaction<TDb>> log) : IOutboxContextFactory<TDb>
    where TDb : ServiceDbContext
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("durable-inbox-outbox");

    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var messageId = context.GetOriginalMessageId()
            ?? throw new MessageException(typeof(T), "A durable consumer needs a MessageId");
        var cancellationToken = context.CancellationToken;
        if (MessageRehearsal.IsRehearsed(context))
        {
            await RehearseAsync(context, options, next);
            return;
        }

        context.ReceiveContext.GetOrAddPayload(() => new InboxKey(messageId, options.ConsumerId));
        using (await gate.EnterAsync(cancellationToken))
        {
            gate.MarkInside();
            await using var transaction = await db.BeginAsync(cancellationToken);
            var isNew = await TryEnterInboxAsync(messageId, options.ConsumerId, cancellationToken);
            await next.Send(new ConsumeOutbox<T>(context, options, services, db, clock, isDuplicate: !isNew));
            if (!isNew) return;
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        signals.Committed(db);
    }

    /// <summary>The same way to the last command, and then back: nothing that it wrote remains, and what does not suit it is no fault.</summary>
    private async Task RehearseAsync<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        using var turn = await gate.EnterAsync(context.CancellationToken);
        gate.MarkInside();
        await using var transaction = await db.BeginAsync(context.CancellationToken);
        try
        {
            await TryEnterInboxAsync(context.MessageId!.Value, options.ConsumerId, context.CancellationToken);
            await SetSceneAsync(context.Message as IDeploymentMessage, context.CancellationToken);
            await next.Send(new ConsumeOutbox<T>(context, options, services, db, clock, isDuplicate: false));
            await db.SaveChangesAsync(context.CancellationToken);
        }
        catch (Exception unsuitable) when (!context.CancellationToken.IsCancellationRequested)
        {
            log.RehearsalStopped(typeof(T).Name, unsuitable);
        }

        await transaction.RollbackAsync(context.CancellationToken);
        // Wherever it stopped: a rehearsed message that nobody took is not one to be kept.
        await context.NotifyConsumed(context, TimeSpan.Zero, nameof(Rehearsal));
        rehearsal.Handled(typeof(T));
    }

    private async Task SetSceneAsync(IDeploymentMessage? message, CancellationToken cancellationToken)
    {
        if (message is null) return;
        foreach (var scene in services.GetServices<IRehearsalScene<TDb>>()) scene.Set(db, message);
        await db.SaveChangesAsync(cancellationToken);
        // As for a message that comes later than the rows: they are read, not remembered.
        db.ChangeTracker.Clear();
    }

    /// <summary>A concurrent duplicate waits on the primary key until the first one commits or rolls back.</summary>
    private async Task<bool> TryEnterInboxAsync(Guid messageId, Guid consumerId, CancellationToken cancellationToken)
    {
        var isPostgres = db.Database.IsNpgsql();
        var table = isPostgres ? $"\"{db.Schema}\".\"inbox\"" : $"\"{db.Schema}_inbox\"";
        var sql = $"INSERT INTO {table} (message_id, consumer_id, received_at) VALUES ({{0}}, {{1}}, {{2}}) ON CONFLICT DO NOTHING";
        var now = clock.GetUtcNow();
        object received = isPostgres ? now : now.UtcDateTime;
        return await db.Database.ExecuteSqlRawAsync(sql, [messageId, consumerId, received], cancellationToken) == 1;
    }
}

/// <summary>Marks a consume context whose transaction is open; the saga repository and the scheduler join it.</summary>
internal interface IConsumeTransaction
{
    ServiceDbContext Db { get; }
    TimeProvider Clock { get; }
}

/// <summary>The consumer's context: what it sends becomes rows.</summary>
internal sealed class ConsumeOutbox<T>(
    ConsumeContext<T> context,
    OutboxConsumeOptions options,
    IServiceProvider services,
    ServiceDbContext db,
    TimeProvider clock,
    bool isDuplicate) : OutboxConsumeContextProxy<T>(context, options, services), IConsumeTransaction
    where T : class
{
    public ServiceDbContext Db => db;
    public TimeProvider Clock => clock;
    public override bool ContinueProcessing { get; set; } = true;
    public override bool IsMessageConsumed => isDuplicate;

    // Delivery is the dispatcher's: for MassTransit there is never anything left to deliver here.
    public override bool IsOutboxDelivered => isDuplicate;
    public override int ReceiveCount => 0;
    public override long? LastSequenceNumber => null;

    public override Task SetConsumed() => Task.CompletedTask;
    public override Task SetDelivered() => Task.CompletedTask;
    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());
    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;
    public override Task RemoveOutboxMessages() => Task.CompletedTask;

    public override Task AddSend<TMessage>(SendContext<TMessage> context)
    {
        // MassTransit hands the consumed message's headers on; how long its work took says nothing about what follows from it.
        context.Headers.Set(WorkTimeHeader.Name, null);
        OutboxRows.Add(db, context, SerializerContext, clock);
        return Task.CompletedTask;
    }
}
