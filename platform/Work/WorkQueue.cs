using System.Diagnostics;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Work;

/// <inheritdoc cref="IWorkQueue{TDb}"/>
internal sealed class WorkQueue<TDb>(TDb db, WorkHandover<TDb> handover, TimeProvider clock) : IWorkQueue<TDb> where TDb : ServiceDbContext
{
    public Task RequestAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class, IStageMessage =>
        RequestAsync(command, command.DeploymentId.ToString(), command.Attempt, cancellationToken);

    public async Task RequestAsync<TCommand>(TCommand command, string subject, long fence, CancellationToken cancellationToken)
        where TCommand : class
    {
        var kind = WorkKind.Of<TCommand>();
        var now = clock.GetUtcNow();
        var item = await FindAsync(kind, subject, cancellationToken);
        if (item is not null && item.Fence >= fence) return;
        if (item is null)
        {
            item = new WorkItem { Kind = kind, Subject = subject, State = WorkState.Pending, Command = "" };
            db.WorkItems.Add(item);
        }

        item.Fence = fence;
        item.Command = JsonSerializer.Serialize(command, WorkKind.Json);
        item.RequestedAt = now;
        item.Tries = 0;
        item.LastError = null;
        item.TraceParent = Activity.Current?.Id;
        item.Release(WorkState.Pending, now);
        Withdraw(item);
        db.Work.Add(handover.Prepare(item, now));
    }

    public async Task CancelAsync<TCommand>(string subject, CancellationToken cancellationToken) where TCommand : class
    {
        var item = await FindAsync(WorkKind.Of<TCommand>(), subject, cancellationToken);
        if (item is null || item.State == WorkState.Done) return;
        item.Release(WorkState.Done, clock.GetUtcNow());
        Withdraw(item);
    }

    /// <summary>What the same transaction asked for before.</summary>
    private void Withdraw(WorkItem item)
    {
        if (db.Work.Find(request => request.Item == item) is not { } earlier) return;
        earlier.Abandon();
        db.Work.Remove(earlier);
    }

    public async Task ForbidAsync<TCommand>(string subject, CancellationToken cancellationToken) where TCommand : class
    {
        var kind = WorkKind.Of<TCommand>();
        var now = clock.GetUtcNow();
        var item = await FindAsync(kind, subject, cancellationToken);
        if (item is null)
        {
            item = new WorkItem { Kind = kind, Subject = subject, State = WorkState.Done, Command = "", RequestedAt = now };
            db.WorkItems.Add(item);
        }

        // No fence is higher.
        item.Fence = long.MaxValue;
        item.Release(WorkState.Done, now);
        Withdraw(item);
    }

    /// <summary>Locks the row, so that a request and a finishing worker cannot overwrite each other.</summary>
    private async Task<WorkItem?> FindAsync(string kind, string subject, CancellationToken cancellationToken)
    {
        var local = db.WorkItems.Local.FirstOrDefault(item => item.Kind == kind && item.Subject == subject);
        if (local is not null) return local;
        if (!db.Database.IsNpgsql())
            return await db.WorkItems.SingleOrDefaultAsync(item => item.Kind == kind && item.Subject == subject, cancellationToken);
        var sql = $"SELECT * FROM \"{db.Schema}\".work_items WHERE kind = {{0}} AND subject = {{1}} FOR UPDATE";
        return (await db.WorkItems.FromSqlRaw(sql, kind, subject).ToListAsync(cancellationToken)).SingleOrDefault();
    }
}
