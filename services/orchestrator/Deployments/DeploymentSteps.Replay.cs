using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.History;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

internal static partial class DeploymentSteps
{
    /// <summary>The stay in Faulted is over; what failed then is in the stages and the history, not the deployment's reason any more.</summary>
    public static EventActivityBinder<Deployment, StageReplayRequested> TakeUpAgain(
        this EventActivityBinder<Deployment, StageReplayRequested> step) =>
        step.StageDone(ReplayRules.Replayed).Then(context =>
        {
            var (saga, asked) = (context.Saga, context.Message);
            if (saga.SwitchedAt is null)
            {
                saga.FailedStage = null;
                saga.Reason = null;
            }

            var why = asked.Reason is null ? "" : $": {asked.Reason}";
            context.Record("replayed", $"{asked.Stage} is tried again, attempt {asked.Attempt}{why}", asked.RequestedBy, data: asked);
        });

    public static EventActivityBinder<Deployment, StageReplayRequested> RollBackOnceMore(
        this EventActivityBinder<Deployment, StageReplayRequested> step, DeploymentStateMachine machine) =>
        step.Enter(machine, machine.RollingBack, saga => saga.NextAttempt(nameof(DeploymentStateMachine.RollingBack))).IfElse(
            context => context.Saga.RevertedAt is null,
            asked => asked.Publish(Commands.Rollback),
            reverted => reverted.Publish(Commands.Quarantine));
}
