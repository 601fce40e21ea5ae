using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Slots;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>The end states: the deadline is taken back, the slot passes on, the others are told.</summary>
internal static partial class DeploymentSteps
{
    public static EventActivityBinder<Deployment, T> EndAsCommitted<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.End(machine, machine.Committed, "is the endpoint's known-good version").Publish(context => new DeploymentCommitted
        {
            DeploymentId = context.Saga.CorrelationId,
            Endpoint = context.Saga.Endpoint,
            Model = context.Saga.Model,
            Version = context.Saga.Version,
        });

    public static EventActivityBinder<Deployment, T> EndAsRolledBack<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.End(machine, machine.RolledBack, "was rolled back").Publish(context => new DeploymentRolledBack
        {
            DeploymentId = context.Saga.CorrelationId,
            Endpoint = context.Saga.Endpoint,
            Model = context.Saga.Model,
            Version = context.Saga.Version,
            Reason = context.Saga.Reason ?? "rolled back",
            EvidencePath = context.Message is EnvironmentQuarantined { EvidencePath.Length: > 0 } quarantined ? quarantined.EvidencePath : null,
        });

    public static EventActivityBinder<Deployment, T> EndAsFailed<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.End(machine, machine.Failed, "failed").Publish(context => new DeploymentFailed
        {
            DeploymentId = context.Saga.CorrelationId,
            Endpoint = context.Saga.Endpoint,
            Model = context.Saga.Model,
            Version = context.Saga.Version,
            Stage = context.Saga.FailedStage ?? "",
            Reason = context.Saga.Reason ?? "",
        });

    public static EventActivityBinder<Deployment, T> EndAsCancelled<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.End(machine, machine.Cancelled, "was cancelled").Publish(context => new DeploymentCancelled
        {
            DeploymentId = context.Saga.CorrelationId,
            Endpoint = context.Saga.Endpoint,
            Model = context.Saga.Model,
            Version = context.Saga.Version,
            Reason = context.Saga.Reason ?? "",
        });

    public static EventActivityBinder<Deployment, T> EndAsRejected<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.End(machine, machine.Rejected, "was rejected").Publish(context => new DeploymentRefused
        {
            DeploymentId = context.Saga.CorrelationId,
            Endpoint = context.Saga.Endpoint,
            Model = context.Saga.Model,
            Version = context.Saga.Version,
            Reason = context.Saga.Reason ?? "",
        });

    /// <summary>The end state that was decided on when the deployment's way ended: <see cref="Deployment.EndsAs"/>.</summary>
    public static EventActivityBinder<Deployment, T> EndAsDecided<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Branch(
            deployment => deployment.EndsAs == nameof(DeploymentStateMachine.Superseded), late => late.Supersede(machine),
            others => others.Branch(
                deployment => deployment.EndsAs == nameof(DeploymentStateMachine.Cancelled), cancelled => cancelled.EndAsCancelled(machine),
                rest => rest.Branch(
                    deployment => deployment.EndsAs == nameof(DeploymentStateMachine.Rejected), rejected => rejected.EndAsRejected(machine),
                    failed => failed.EndAsFailed(machine))));

    public static EventActivityBinder<Deployment, SupersedeDeployment> EndAsSuperseded(
        this EventActivityBinder<Deployment, SupersedeDeployment> step, DeploymentStateMachine machine) =>
        step.CountAsWaiting(context => context.Now() - context.Saga.StageStartedAt())
            .Then(context => context.Saga.SupersededBy = context.Message.SupersededBy)
            .Supersede(machine);

    private static EventActivityBinder<Deployment, T> Supersede<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Then(context => context.Saga.Reason ??= $"Superseded by {context.Saga.SupersededBy}")
            .End(machine, machine.Superseded, "was superseded").Publish(context => new DeploymentSuperseded
            {
                DeploymentId = context.Saga.CorrelationId,
                Endpoint = context.Saga.Endpoint,
                SupersededBy = context.Saga.SupersededBy!.Value,
            });

    private static EventActivityBinder<Deployment, T> End<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine, State state, string summary) where T : class => step
        .Unschedule(machine.Deadline)
        .ThenAsync(async context =>
        {
            var saga = context.Saga;
            context.CloseStage(state.Name, saga.Reason);
            saga.EndedAt = context.Now();
            var reason = saga.Reason is null ? "" : $": {saga.Reason}";
            context.Record("ended", $"{saga.Model} {saga.Version} {summary}{reason}", state: state.Name);
            DeploymentMetrics.DeploymentEnded(saga, state.Name);
            await new EndpointSlot(context.Db<OrchestratorDbContext>()).PassOnAsync(context);
        })
        .TransitionTo(state)
        .AskHooks(state, EndingHooks);
}
