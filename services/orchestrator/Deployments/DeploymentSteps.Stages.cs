using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.History;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Entering a stage: attempt, deadline and state change together with the command they belong to.</summary>
internal static partial class DeploymentSteps
{
    public static EventActivityBinder<Deployment, T> Provision<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Provisioning, 1).Publish(Commands.Provision);

    public static EventActivityBinder<Deployment, T> ProvisionAgain<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.StageDone("Failed").Again(machine, machine.Provisioning).Publish(Commands.Provision);

    public static EventActivityBinder<Deployment, T> Warm<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Warming, 1).Publish(Commands.Warm);

    public static EventActivityBinder<Deployment, T> Validate<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Validating, 1).Publish(Commands.Validate);

    /// <summary>What was approved before is about earlier evidence.</summary>
    public static EventActivityBinder<Deployment, T> AwaitApproval<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Then(context => context.Saga.Approvals = []).Begin(machine, machine.AwaitingApproval, 1).AskHooks(machine.AwaitingApproval, ApprovingHooks);

    public static EventActivityBinder<Deployment, T> Switch<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Switching, 1).Publish(Commands.Switch);

    public static EventActivityBinder<Deployment, T> SwitchAgain<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Again(machine, machine.Switching).Publish(Commands.Switch);

    public static EventActivityBinder<Deployment, T> Bake<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Baking, 1).Publish(Commands.Bake).AskHooks(machine.Baking, BakingHooks);

    public static EventActivityBinder<Deployment, T> Hold<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.StageDone("Inconclusive").Begin(machine, machine.Held, 1);

    public static EventActivityBinder<Deployment, T> Retain<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Retaining, 1);

    /// <summary>Without blue there is nothing to retain; with a newer promotion waiting there is no reason to.</summary>
    public static EventActivityBinder<Deployment, T> RetainOrRelease<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.StillOvertaken().Branch(
            deployment => deployment.Blue is null || deployment.OvertakenBy is not null, done => done.Release(machine),
            replacing => replacing.Retain(machine));

    public static EventActivityBinder<Deployment, T> Release<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Releasing, 1).Publish(Commands.Release);

    public static EventActivityBinder<Deployment, T> ReleaseAgain<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Again(machine, machine.Releasing).Publish(Commands.Release);

    public static EventActivityBinder<Deployment, T> Commit<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.Committing, 1).Publish(Commands.DecommissionBlue);

    public static EventActivityBinder<Deployment, T> CommitAgain<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Again(machine, machine.Committing).Publish(Commands.DecommissionBlue);

    public static EventActivityBinder<Deployment, T> TearDown<T>(this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine)
        where T : class => step.Begin(machine, machine.TearingDown, 1).Publish(Commands.DecommissionGreen);

    public static EventActivityBinder<Deployment, T> TearDownAgain<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Again(machine, machine.TearingDown).Publish(Commands.DecommissionGreen);

    /// <summary>Somebody is reverting already; if nothing is heard before the deadline, the saga asks.</summary>
    public static EventActivityBinder<Deployment, T> AwaitRevert<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Begin(machine, machine.RollingBack, 1);

    public static EventActivityBinder<Deployment, T> AskForRevert<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.AwaitRevert(machine).Publish(Commands.Rollback);

    public static EventActivityBinder<Deployment, T> RollBackAgain<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Again(machine, machine.RollingBack).IfElse(
            context => context.Saga.RevertedAt is null,
            asked => asked.Publish(Commands.Rollback),
            reverted => reverted.Publish(Commands.Quarantine));

    public static EventActivityBinder<Deployment, T> Quarantine<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Begin(machine, machine.RollingBack, 1).Publish(Commands.Quarantine);

    public static EventActivityBinder<Deployment, T> Enter<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine, State state) where T : class =>
        step.Begin(machine, state, 1);

    private static EventActivityBinder<Deployment, T> Again<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine, State state) where T : class =>
        step.Enter(machine, state, saga => saga.Attempt + 1);

    private static EventActivityBinder<Deployment, T> Begin<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine, State state, int attempt) where T : class =>
        step.Enter(machine, state, saga => IsCounted(state) ? saga.NextAttempt(state.Name) : attempt);

    /// <summary>Where a replay may lead again: an attempt number that a worker has seen would be taken for a repetition.</summary>
    private static bool IsCounted(State state) => state.Name is not nameof(DeploymentStateMachine.RollingBack)
        and not nameof(DeploymentStateMachine.TearingDown);

    private static EventActivityBinder<Deployment, T> Enter<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine, State state, Func<Deployment, int> attempt)
        where T : class => step
        .Then(context =>
        {
            var saga = context.Saga;
            saga.Attempt = attempt(saga);
            // A deployment that is taken up again has its time again.
            if (saga.CurrentState == nameof(DeploymentStateMachine.Faulted)) saga.ExpiresAt = context.Now() + saga.Plan?.Deadline;
            saga.Stages =
            [
                .. saga.Stages, new StageRecord { Stage = state.Name, Attempt = saga.Attempt, StartedAt = context.Now() },
            ];
            context.Record("stage-started", saga.Attempt == 1 ? state.Name : $"{state.Name}, attempt {saga.Attempt}", state: state.Name);
        })
        .Schedule(machine.Deadline, context => new DeadlineExpired
        {
            DeploymentId = context.Saga.CorrelationId,
            Attempt = context.Saga.Attempt,
            State = state.Name,
            WholeDeployment = StageDeadlines.Next(state.Name, context.Saga, context.Now()).IsWhole,
        }, context => StageDeadlines.Next(state.Name, context.Saga, context.Now()).Wait)
        .TransitionTo(state)
        .AskHooks(state, EventHooks);
}
