using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>Settles faults, each in one transaction with what follows from it.</summary>
internal sealed class FaultDesk(IServiceStore<OrchestratorDbContext> store)
{
    private const int MostAtOnce = 1000;

    public Task<List<FaultRow>> ListAsync(FaultFilter filter, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync((db, token) => filter.Apply(db.Faults).OrderByDescending(row => row.FaultedAt).Take(limit).ToListAsync(token), cancellationToken);

    public Task<FaultRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        store.ReadAsync((db, token) => db.Faults.SingleOrDefaultAsync(row => row.Id == id, token), cancellationToken);

    public Task<FaultSettled> ReplayAsync(Guid id, Actor actor, bool dryRun, CancellationToken cancellationToken) =>
        SettleAsync(id, FaultState.Replayed, actor, dryRun, SendAgainAsync, cancellationToken);

    public Task<FaultSettled> DiscardAsync(Guid id, Actor actor, bool dryRun, CancellationToken cancellationToken) =>
        SettleAsync(id, FaultState.Discarded, actor, dryRun, (_, _, _, _, _) => Task.FromResult<string?>(null), cancellationToken);

    /// <summary>Oldest first, so that messages come in the order in which they were given up.</summary>
    public async Task<BulkSettled> EachAsync(
        FaultFilter filter, bool dryRun, Func<Guid, CancellationToken, Task<FaultSettled>> settle, CancellationToken cancellationToken)
    {
        var ids = await store.ReadAsync((db, token) => filter.Apply(db.Faults).Where(row => row.State == FaultState.Open)
            .OrderBy(row => row.FaultedAt).Take(MostAtOnce).Select(row => row.Id).ToListAsync(token), cancellationToken);
        var settled = new List<FaultSettled>();
        foreach (var id in ids) settled.Add(await settle(id, cancellationToken));
        return new BulkSettled(
            dryRun, ids.Count, [.. settled.Where(one => one.Problem is null).Select(one => one.Id)],
            [.. settled.Where(one => one.Problem is not null).Select(one => new FaultRefused(one.Id, one.Problem!))]);
    }

    private Task<FaultSettled> SettleAsync(
        Guid id,
        FaultState state,
        Actor actor,
        bool dryRun,
        Func<ServiceTransaction<OrchestratorDbContext>, FaultRow, Actor, bool, CancellationToken, Task<string?>> act,
        CancellationToken cancellationToken) => store.WriteAsync(async (transaction, token) =>
        {
            if (await transaction.Db.LockFaultAsync(id, token) is not { } row)
                return new FaultSettled(id, StatusCodes.Status404NotFound, $"There is no fault {id}.", null);
            if (row.State == state) return FaultSettled.As(row, already: true);
            if (row.State != FaultState.Open)
                return new FaultSettled(id, StatusCodes.Status409Conflict, $"Fault {id} was {row.State} by {row.SettledBy} at {row.SettledAt:O}.", null);
            if (await act(transaction, row, actor, dryRun, token) is { } refusal)
                return new FaultSettled(id, StatusCodes.Status409Conflict, refusal, null);
            if (dryRun) return FaultSettled.As(row, already: false);
            row.Settle(state, actor.Name, actor.Reason, actor.At);
            transaction.Db.History.Add(new HistoryRow
            {
                At = actor.At,
                Endpoint = row.Endpoint,
                DeploymentId = row.DeploymentId,
                Kind = "fault",
                Summary = $"{row.MessageType} of {row.Service} was {(state == FaultState.Replayed ? "replayed" : "discarded")}"
                    + (actor.Reason is null ? "" : $": {actor.Reason}"),
                Actor = actor.Name,
                Data = $$"""{"faultId":"{{id}}"}""",
            });
            return FaultSettled.As(row, already: false);
        }, cancellationToken);

    /// <returns>Why it must not be sent again, or null.</returns>
    private static async Task<string?> SendAgainAsync(
        ServiceTransaction<OrchestratorDbContext> transaction, FaultRow row, Actor actor, bool dryRun, CancellationToken cancellationToken)
    {
        if (row is { Kind: Contracts.FaultKind.Work, MessageType: FaultedStages.Revert, DeploymentId: { } vetoed, Endpoint: { } endpoint })
        {
            if (!dryRun) await transaction.PublishAsync(Revert(vetoed, endpoint, row, actor), cancellationToken);
            return null;
        }

        // A stage is tried again by its deployment, as a new attempt: the old command would be a stale order by now.
        if (row.Kind == Contracts.FaultKind.Work || FaultedStages.IsCommand(row.MessageType))
        {
            if (row is not { DeploymentId: { } deployment, Stage: { } stage })
                return $"{row.MessageType} is not a stage of a deployment: its sender repeats it, or it is promoted or rolled back anew.";
            return (await DeploymentReplay.OrderAsync(transaction, deployment, stage, actor, dryRun, cancellationToken)).Problem;
        }

        if (StoredMessage.Read(row.Body) is not { } message)
            return "The message cannot be read, so it cannot be sent again: discard it.";
        if (!dryRun) transaction.Resend(message, row.Queue, row.Id);
        return null;
    }

    /// <summary>Always allowed: it can only take a deployment out of traffic, and doing so twice is doing so once.</summary>
    private static Contracts.RollbackRequested Revert(Guid deployment, string endpoint, FaultRow row, Actor actor) => new()
    {
        DeploymentId = deployment,
        Endpoint = endpoint,
        Reason = actor.Reason ?? $"the revert of fault {row.Id} is tried again",
        RequestedBy = actor.Name,
    };
}
