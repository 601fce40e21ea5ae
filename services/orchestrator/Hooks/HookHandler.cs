using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Hooks;

/// <summary>
/// Asks hooks until they have said what the deployment needs to know, or until it does not wait for it any more. Runs again after a crash:
/// the calls carry the same delivery then.
/// </summary>
internal sealed class HookHandler(
    HookClient client, IServiceStore<OrchestratorDbContext> store, TimeProvider clock, ILogger<HookHandler> log) : IWorkHandler<CallHooks>
{
    public async Task<WorkOutcome> RunAsync(CallHooks command, IWorkLease lease, CancellationToken cancellationToken) => command.Hooks[0].When switch
    {
        "confirm-rollout" or "pre-rollout" or "confirm-switch" => await ApproveAsync(command, lease, cancellationToken),
        "rollout" or "rollback" => await WatchAsync(command, lease, cancellationToken),
        _ => await TellAsync(command, lease, cancellationToken),
    };

    public WorkOutcome GiveUp(CallHooks command, string reason) => command.Hooks[0].When is "confirm-rollout" or "pre-rollout" or "confirm-switch"
        ? Rejected(command, command.Hooks[0], reason)
        : WorkOutcome.Silent;

    private async Task<WorkOutcome> ApproveAsync(CallHooks command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var given = new List<DeploymentApproved>();
        foreach (var hook in command.Hooks)
        {
            var answer = await UntilDecidedAsync(command, hook, lease, cancellationToken);
            if (answer is null) return WorkOutcome.Silent;
            if (answer.Verdict != HookVerdict.Passed) return Rejected(command, hook, answer.Detail);
            given.Add(new DeploymentApproved
            {
                DeploymentId = command.DeploymentId,
                State = command.State,
                EnvironmentId = command.EnvironmentId,
                Fingerprint = command.Fingerprint ?? "",
                ApprovedBy = HookApprovals.NameOf(hook),
                Reason = answer.Detail,
                ApprovedAt = clock.GetUtcNow(),
            });
        }

        return WorkOutcome.Publish([.. given]);
    }

    /// <summary>A permission may take as long as the deployment has; a step that does not answer at all has failed. Null: nobody waits any more.</summary>
    private async Task<HookAnswer?> UntilDecidedAsync(CallHooks command, Hook hook, IWorkLease lease, CancellationToken cancellationToken)
    {
        for (var silent = 0; await IsWaitingAsync(command, cancellationToken);)
        {
            var answer = await AskAsync(command, hook, lease, cancellationToken);
            if (answer.Verdict is HookVerdict.Passed or HookVerdict.Failed) return answer;
            silent = answer.Verdict == HookVerdict.NoAnswer ? silent + 1 : 0;
            if (silent >= hook.Attempts && hook.When == "pre-rollout") return answer;
            await Task.Delay(hook.Interval, clock, cancellationToken);
        }

        return null;
    }

    /// <summary>All of the bake, each hook at its own pace. The first that wants the old version back decides.</summary>
    private async Task<WorkOutcome> WatchAsync(CallHooks command, IWorkLease lease, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watches = command.Hooks.Select(hook => WatchAsync(command, hook, lease, over.Token)).ToList();
        WorkOutcome outcome = WorkOutcome.Silent;
        while (watches.Count > 0 && outcome == WorkOutcome.Silent)
        {
            var ended = await Task.WhenAny(watches);
            watches.Remove(ended);
            outcome = await ended;
        }

        await over.CancelAsync();
        await Task.WhenAll(watches).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return outcome;
    }

    private async Task<WorkOutcome> WatchAsync(CallHooks command, Hook hook, IWorkLease lease, CancellationToken cancellationToken)
    {
        for (var bad = 0; await IsWaitingAsync(command, cancellationToken);)
        {
            var answer = await AskAsync(command, hook, lease, cancellationToken);
            // A rollout hook says whether all is well; a rollback hook says yes when it wants the old version back. Silence is not a wish.
            if (hook.When == "rollback" && answer.Verdict == HookVerdict.Passed) return RolledBack(command, hook, answer);
            if (hook.When == "rollout")
            {
                bad = answer.Verdict is HookVerdict.Failed or HookVerdict.NoAnswer ? bad + 1 : 0;
                if (bad >= hook.Attempts) return RolledBack(command, hook, answer);
            }

            await Task.Delay(hook.Interval, clock, cancellationToken);
        }

        return WorkOutcome.Silent;
    }

    private async Task<WorkOutcome> TellAsync(CallHooks command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var untold = new List<string>();
        foreach (var hook in command.Hooks)
        {
            var answer = new HookAnswer(HookVerdict.NoAnswer, "");
            for (var attempt = 1; attempt <= hook.Attempts && answer.Verdict == HookVerdict.NoAnswer; attempt++)
            {
                if (attempt > 1) await Task.Delay(hook.Interval, clock, cancellationToken);
                answer = await AskAsync(command, hook, lease, cancellationToken);
            }

            if (answer.Verdict is HookVerdict.NoAnswer or HookVerdict.Failed) untold.Add($"{hook.When} hook {hook.Name} {answer.Detail}");
        }

        return untold.Count == 0 ? WorkOutcome.Silent : WorkOutcome.Publish().AndWrite<OrchestratorDbContext>((db, _) => NoteAsync(db, command, untold));
    }

    private async Task<HookAnswer> AskAsync(CallHooks command, Hook hook, IWorkLease lease, CancellationToken cancellationToken)
    {
        await lease.EnsureHeldAsync(cancellationToken);
        var answer = await client.CallAsync(command, hook, cancellationToken);
        log.HookAnswered(hook.Name, command.DeploymentId, hook.When, answer.Verdict.ToString(), answer.Detail);
        return answer;
    }

    private Task<bool> IsWaitingAsync(CallHooks command, CancellationToken cancellationToken) => store.ReadAsync(
        (db, token) => db.Deployments.AnyAsync(
            row => row.CorrelationId == command.DeploymentId && row.CurrentState == command.State && row.Attempt == command.Attempt, token),
        cancellationToken);

    private static WorkOutcome Rejected(CallHooks command, Hook hook, string reason) => WorkOutcome.Publish(new DeploymentRejected
    {
        DeploymentId = command.DeploymentId,
        State = command.State,
        EnvironmentId = command.EnvironmentId,
        Fingerprint = command.Fingerprint ?? "",
        RejectedBy = HookApprovals.NameOf(hook),
        Reason = reason,
    });

    private static WorkOutcome RolledBack(CallHooks command, Hook hook, HookAnswer answer) => WorkOutcome.Publish(new RollbackRequested
    {
        DeploymentId = command.DeploymentId,
        Endpoint = command.Endpoint,
        Reason = answer.Detail,
        RequestedBy = HookApprovals.NameOf(hook),
    });

    private Task NoteAsync(OrchestratorDbContext db, CallHooks command, List<string> untold)
    {
        db.History.AddRange(untold.Select(summary => new HistoryRow
        {
            At = clock.GetUtcNow(),
            Endpoint = command.Endpoint,
            DeploymentId = command.DeploymentId,
            Kind = "note",
            State = command.State,
            Summary = summary,
        }));
        return Task.CompletedTask;
    }
}
