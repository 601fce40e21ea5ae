using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Sagas;

/// <summary>Loads, locks and saves one saga for one message.</summary>
internal sealed class SagaTransactionContext<TSaga, TDb, T>(
    ConsumeContext<T> context, TDb db, ISagaConsumeContextFactory<DbContext, TSaga> contexts)
    : ConsumeContextScope<T>(context, db), SagaRepositoryContext<TSaga, T>
    where TSaga : class, ISaga
    where TDb : ServiceDbContext
    where T : class
{
    private readonly ConsumeContext<T> _context = context;

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) =>
        contexts.CreateSagaConsumeContext(db, _context, instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance)
    {
        // A savepoint around the insert, so that losing the race does not poison the transaction.
        var entry = db.Add(instance);
        try
        {
            db.Database.AutoSavepointsEnabled = true;
            await db.SaveChangesAsync(CancellationToken);
            return await contexts.CreateSagaConsumeContext(db, _context, instance, SagaConsumeContextMode.Insert);
        }
        catch (DbUpdateException exception) when (!Outage.IsCauseOf(exception))
        {
            entry.State = EntityState.Detached;
            return null!;
        }
        finally
        {
            db.Database.AutoSavepointsEnabled = false;
        }
    }

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId)
    {
        var saga = db.Database.IsNpgsql()
            ? (await Locked(correlationId).ToListAsync(CancellationToken)).SingleOrDefault()
            : await db.Set<TSaga>().SingleOrDefaultAsync(row => row.CorrelationId == correlationId, CancellationToken);
        return saga is null
            ? null!
            : await contexts.CreateSagaConsumeContext(db, _context, saga, SagaConsumeContextMode.Load);
    }

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        db.Add(context.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Update(SagaConsumeContext<TSaga> context) => db.SaveChangesAsync(CancellationToken);

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        db.Remove(context.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        db.Entry(context.Saga).State = EntityState.Unchanged;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
        contexts.CreateSagaConsumeContext(db, consumeContext, instance, mode);

    private IQueryable<TSaga> Locked(Guid correlationId)
    {
        var table = db.Model.FindEntityType(typeof(TSaga))!.GetTableName();
        var sql = $"SELECT * FROM \"{db.Schema}\".\"{table}\" WHERE correlation_id = {{0}} FOR UPDATE";
        return db.Set<TSaga>().FromSqlRaw(sql, correlationId);
    }
}
