using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Faults;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Into <c>Faulted</c> when an attempt was given up, and out of it by an operator's replay.</summary>
internal sealed partial class DeploymentStateMachine
{
    public Event<StageFaulted> GivenUp { get; } = null!;
    public Event<StageReplayRequested> ReplayAsked { get; } = null!;

    private void CorrelateReplays()
    {
        Correlate(() => GivenUp);
        Correlate(() => ReplayAsked);
    }

    private void WhenAStageIsGivenUpThenFault()
    {
        During(Provisioning, When(GivenUp, IsCurrentStage).Branch(
            deployment => deployment.Attempt < deployment.Plan!.ProvisionAttempts,
            again => again.Note(step => step.Message.Reason).ProvisionAgain(this),
            last => last.Fail(step => step.Message.Reason).Enter(this, Faulted)));
        During([Warming, Validating], When(GivenUp, IsCurrentStage).Fail(step => step.Message.Reason).Enter(this, Faulted));
        // From the switch on, "not known" is not good enough to stay: back to the environment that was.
        During([Switching, Baking], When(GivenUp, IsCurrentStage).Fail(step => step.Message.Reason).AskForRevert(this));
        // These try again by themselves when their deadline passes.
        During([Releasing, RollingBack], When(GivenUp, IsCurrentStage).Note(step => step.Message.Reason));
        During(Faulted, When(Deadline.Received, IsCurrentDeadline).Branch(
            deployment => deployment.ReachedSwitching(), live => live.EndAsFailed(this), before => before.TearDown(this)));
    }

    private void WhenReplayIsAskedThenTryTheStageAgain() =>
        During(Faulted,
            When(ReplayAsked, step => IsReplayOf(step, Provisioning)).TakeUpAgain().Provision(this),
            When(ReplayAsked, step => IsReplayOf(step, Warming)).TakeUpAgain().Warm(this),
            When(ReplayAsked, step => IsReplayOf(step, Validating)).TakeUpAgain().Validate(this),
            When(ReplayAsked, step => IsReplayOf(step, Releasing)).TakeUpAgain().Release(this),
            When(ReplayAsked, step => IsReplayOf(step, RollingBack)).TakeUpAgain().RollBackOnceMore(this));

    private static bool IsCurrentStage(BehaviorContext<Deployment, StageFaulted> context) =>
        context.Message.Stage == context.Saga.CurrentState && IsCurrent(context);

    /// <summary>Checked again here, where the row is locked: the order names the attempt that it makes, so that it is carried out once.</summary>
    private static bool IsReplayOf(BehaviorContext<Deployment, StageReplayRequested> context, State stage) =>
        context.Message.Stage == stage.Name && context.Message.Attempt == context.Saga.NextAttempt(stage.Name)
        && ReplayRules.Refusal(context.Saga, stage.Name) is null;
}
