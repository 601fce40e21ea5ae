using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Sagas;

/// <summary>
/// Stores sagas in the service's own context, inside the consumed message's transaction. On PostgreSQL the row is locked
/// (<c>FOR UPDATE</c>): concurrent events of one saga queue up instead of colliding.
/// </summary>
internal sealed class SagaRepositoryFactory<TSaga, TDb>(TDb db, ISagaConsumeContextFactory<DbContext, TSaga> contexts)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
    where TDb : ServiceDbContext
{
    public void Probe(ProbeContext context) => context.Add("persistence", "entity-framework");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        RequireTransaction(context);
        return next.Send(new SagaTransactionContext<TSaga, TDb, T>(context, db, contexts));
    }

    public async Task SendQuery<T>(
        ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class
    {
        RequireTransaction(context);
        var ids = await Matching(query).ToListAsync(context.CancellationToken);
        var inner = new SagaTransactionContext<TSaga, TDb, T>(context, db, contexts);
        await next.Send(new DefaultSagaRepositoryQueryContext<TSaga, T>(inner, ids));
    }

    public Task<T> Execute<T>(
        Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        asyncMethod(new Reader(this, db, cancellationToken));

    public Task<T> Execute<T>(
        Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        asyncMethod(new Reader(this, db, cancellationToken));

    private IQueryable<Guid> Matching(ISagaQuery<TSaga> query) =>
        db.Set<TSaga>().AsNoTracking().Where(query.FilterExpression).Select(saga => saga.CorrelationId);

    private static void RequireTransaction(ConsumeContext context)
    {
        if (!context.TryGetPayload<IConsumeTransaction>(out _))
            throw new InvalidOperationException("A saga is only loaded inside its message's transaction; add it with AddDurableSaga.");
    }

    private sealed class Reader(SagaRepositoryFactory<TSaga, TDb> factory, TDb db, CancellationToken cancellationToken)
        : BasePipeContext(cancellationToken), LoadSagaRepositoryContext<TSaga>, QuerySagaRepositoryContext<TSaga>
    {
        public Task<TSaga> Load(Guid correlationId) => db.Set<TSaga>().AsNoTracking()
            .SingleOrDefaultAsync(saga => saga.CorrelationId == correlationId, CancellationToken)!;

        public async Task<SagaRepositoryQueryContext<TSaga>> Query(
            ISagaQuery<TSaga> query, CancellationToken cancellationToken = default) =>
            new DefaultSagaRepositoryQueryContext<TSaga>(this, await factory.Matching(query).ToListAsync(cancellationToken));
    }
}
