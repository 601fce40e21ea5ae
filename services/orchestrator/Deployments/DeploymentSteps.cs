using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Slots;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Work;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>The words that the state machine's sentences are made of: bookkeeping and branching.</summary>
internal static partial class DeploymentSteps
{
    public static EventActivityBinder<Deployment, ModelPromoted> Accept(this EventActivityBinder<Deployment, ModelPromoted> step) =>
        step.Then(context =>
        {
            var (saga, promoted) = (context.Saga, context.Message);
            saga.Endpoint = promoted.Endpoint;
            saga.Model = promoted.Model;
            saga.Version = promoted.Version;
            saga.Artifact = promoted.Artifact;
            saga.Source = promoted.Source;
            saga.PromotedBy = promoted.PromotedBy;
            saga.PromotedAt = promoted.PromotedAt;
            saga.EnvironmentId = NewId.NextSequentialGuid();
            context.Record("promoted", $"{promoted.Model} {promoted.Version} was promoted", promoted.PromotedBy ?? promoted.Source);
        });

    /// <summary>Takes the endpoint's slot, or its one waiting place. With the slot comes the plan.</summary>
    public static EventActivityBinder<Deployment, ModelPromoted> RequestSlot(this EventActivityBinder<Deployment, ModelPromoted> step) =>
        step.ThenAsync(context => new EndpointSlot(context.Db<OrchestratorDbContext>()).RequestAsync(context));

    public static EventActivityBinder<Deployment, SlotGranted> PinPolicy(this EventActivityBinder<Deployment, SlotGranted> step) =>
        step.CountAsWaiting(context => context.Now() - context.Saga.StageStartedAt())
            .StageDone("Granted")
            .ThenAsync(context => new EndpointSlot(context.Db<OrchestratorDbContext>()).PinAsync(context));

    /// <summary>The newer promotion that hurried this one may have been cancelled meanwhile.</summary>
    public static EventActivityBinder<Deployment, T> StillOvertaken<T>(this EventActivityBinder<Deployment, T> step) where T : class =>
        step.ThenAsync(async context =>
        {
            if (context.Saga.OvertakenBy is null) return;
            var isAwaited = await new EndpointSlot(context.Db<OrchestratorDbContext>()).IsAwaitedAsync(context);
            if (!isAwaited) context.Saga.OvertakenBy = null;
        });

    public static EventActivityBinder<Deployment, T> Branch<T>(
        this EventActivityBinder<Deployment, T> step,
        Func<Deployment, bool> condition,
        Func<EventActivityBinder<Deployment, T>, EventActivityBinder<Deployment, T>> then,
        Func<EventActivityBinder<Deployment, T>, EventActivityBinder<Deployment, T>> otherwise) where T : class =>
        step.IfElse(context => condition(context.Saga), then, otherwise);

    public static EventActivityBinder<Deployment, T> RetryOr<T>(
        this EventActivityBinder<Deployment, T> step,
        int attempts,
        Func<EventActivityBinder<Deployment, T>, EventActivityBinder<Deployment, T>> again,
        Func<EventActivityBinder<Deployment, T>, EventActivityBinder<Deployment, T>> last) where T : class =>
        step.IfElse(context => context.Saga.Attempt < attempts, again, last);

    /// <summary>Closes the current stage's record with what its worker measured.</summary>
    public static EventActivityBinder<Deployment, T> StageDone<T>(this EventActivityBinder<Deployment, T> step, string outcome)
        where T : class =>
        step.Then(context => context.CloseStage(outcome, reason: null));

    /// <summary>Closes the current stage as failed; the first failure is the deployment's reason.</summary>
    public static EventActivityBinder<Deployment, T> Fail<T>(
        this EventActivityBinder<Deployment, T> step, Func<BehaviorContext<Deployment, T>, string> reason) where T : class =>
        step.Then(context =>
        {
            var why = reason(context);
            context.Saga.FailedStage ??= context.Saga.CurrentState;
            context.Saga.Reason ??= why;
            context.CloseStage("Failed", why);
        });

    public static EventActivityBinder<Deployment, T> Fail<T>(this EventActivityBinder<Deployment, T> step, string reason)
        where T : class =>
        step.Fail(_ => reason);

    /// <summary>Something went wrong that the stage's deadline or next attempt takes care of.</summary>
    public static EventActivityBinder<Deployment, T> Note<T>(
        this EventActivityBinder<Deployment, T> step, Func<BehaviorContext<Deployment, T>, string> reason) where T : class =>
        step.Then(context => context.Record("note", reason(context)));

    public static EventActivityBinder<Deployment, T> CountAsWaiting<T>(
        this EventActivityBinder<Deployment, T> step, Func<BehaviorContext<Deployment, T>, TimeSpan> waited) where T : class =>
        step.Then(context => context.Saga.WaitedMilliseconds += waited(context).TotalMilliseconds);

    public static EventActivityBinder<Deployment, T> CountDeclaredWaiting<T>(this EventActivityBinder<Deployment, T> step) where T : class =>
        step.Then(context =>
        {
            if (context.Saga.IsWaitingAsDeclared()) context.Saga.CountWaitingUntil(context.Now());
        });

    /// <summary>In a state whose length the policy (or a person) decides, not the platform.</summary>
    public static bool IsWaitingAsDeclared(this Deployment saga) => saga.CurrentState
        is nameof(DeploymentStateMachine.AwaitingApproval) or nameof(DeploymentStateMachine.Baking)
            or nameof(DeploymentStateMachine.Retaining) or nameof(DeploymentStateMachine.Held);

    public static void CountWaitingUntil(this Deployment saga, DateTimeOffset end) =>
        saga.WaitedMilliseconds += Math.Max(0, (end - saga.StageStartedAt()).TotalMilliseconds);

    public static DateTimeOffset StageStartedAt(this Deployment saga) =>
        saga.Stages.Count == 0 ? saga.PromotedAt : saga.Stages[^1].StartedAt;

    /// <summary>
    /// I2: the verdict is about this very environment and fingerprint, has an answer for every gate that the policy asks for, and each answer
    /// is Passed or NotApplicable, at least one of them Passed.
    /// </summary>
    public static bool MaySwitchOn(this Deployment saga, EnvironmentValidated verdict) =>
        verdict.EnvironmentId == saga.EnvironmentId && verdict.Fingerprint == saga.Fingerprint
        && verdict.Gates.Any(gate => gate.Verdict == Verdict.Passed)
        && verdict.Gates.All(gate => gate.Verdict is Verdict.Passed or Verdict.NotApplicable)
        && Asked(saga.Plan!.Gates).All(name => verdict.Gates.Any(gate => gate.Gate.StartsWith(name, StringComparison.Ordinal)));

    private static IEnumerable<string> Asked(GatePolicy gates)
    {
        if (gates.Health is not null) yield return "health";
        if (gates.Latency is not null) yield return "latency";
        if (gates.ErrorRate is not null) yield return "error-rate";
        if (gates.Distribution is { } distribution) yield return $"distribution-{distribution.Statistic}";
        if (gates.Schema is not null) yield return "schema";
        if (gates.Golden is { } golden)
            foreach (var name in Asked(golden)) yield return name;
        if (gates.Paired is not null) yield return "paired";
        if (gates.Features is not null) yield return "features-";
        if (gates.Compatibility is not null) yield return "compatibility";
        foreach (var external in gates.External ?? []) yield return $"external-{external.Name}";
    }

    private static IEnumerable<string> Asked(GoldenGate golden)
    {
        if (golden.MinRecall is not null) yield return "golden-recall";
        if (golden.MinAccuracy is not null) yield return "golden-accuracy";
        if (golden.MaxCalibrationError is not null) yield return "golden-calibration";
        if (golden.Tolerance is not null) yield return "golden-tolerance";
    }

    private static void CloseStage<T>(this BehaviorContext<Deployment, T> context, string outcome, string? reason) where T : class
    {
        var saga = context.Saga;
        if (saga.Stages.Count == 0 || saga.Stages[^1].EndedAt is not null) return;
        var work = WorkTimeHeader.Read(context);
        var closed = saga.Stages[^1] with
        {
            EndedAt = context.Now(),
            Outcome = outcome,
            Reason = reason,
            WorkMilliseconds = work,
        };
        // A new list: the change tracker compares by reference.
        saga.Stages = [.. saga.Stages[..^1], closed];
        saga.WorkMilliseconds += work ?? 0;
        DeploymentMetrics.StageEnded(saga, closed);
        context.Record("stage-ended", $"{closed.Stage}: {reason ?? outcome}");
    }
}
