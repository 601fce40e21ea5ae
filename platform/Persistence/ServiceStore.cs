using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Platform.Persistence;

/// <inheritdoc cref="IServiceStore{TDb}"/>
internal sealed class ServiceStore<TDb>(
    IServiceScopeFactory scopes, WriteGate gate, ServiceSignals<TDb> signals, OutboxPublisher publisher, TimeProvider clock)
    : IServiceStore<TDb>
    where TDb : ServiceDbContext
{
    public async Task<TResult> WriteAsync<TResult>(
        Func<ServiceTransaction<TDb>, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        TResult result;
        using (await gate.EnterAsync(cancellationToken))
        {
            gate.MarkInside();
            await using var transaction = await db.BeginAsync(cancellationToken);
            result = await work(Unit(scope, db), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        signals.Committed(db);
        return result;
    }

    public async Task RehearseAsync(Func<ServiceTransaction<TDb>, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        using var turn = await gate.EnterAsync(cancellationToken);
        gate.MarkInside();
        await using var transaction = await db.BeginAsync(cancellationToken);
        await work(Unit(scope, db), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }

    public async Task<TResult> ReadAsync<TResult>(
        Func<TDb, CancellationToken, Task<TResult>> query, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await query(db, cancellationToken);
    }

    private ServiceTransaction<TDb> Unit(AsyncServiceScope scope, TDb db) => new(
        db, scope.ServiceProvider.GetRequiredService<IWorkQueue<TDb>>(), (message, type, token) => publisher.AddAsync(db, message, type, token),
        clock.GetUtcNow);
}
