using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>
/// The flow of a deployment. States and messages are named in <c>DeploymentStateMachine.Vocabulary.cs</c>; what a step does is in
/// <c>DeploymentSteps.cs</c>. Every state answers every message: what is not handled here is late, and ignored at the end.
/// </summary>
internal sealed partial class DeploymentStateMachine : MassTransitStateMachine<Deployment>
{
    /// <summary>Attempts of the steps that only put things away: they have no cost but patience.</summary>
    private const int CleanUpAttempts = 5;

    public DeploymentStateMachine()
    {
        InstanceState(deployment => deployment.CurrentState);
        CorrelateMessages();
        WhenPromotedThenProvisionOrQueue();
        WhenProvisionedThenWarm();
        WhenWarmedThenValidate();
        WhenValidatedThenSwitchOrAwaitApproval();
        WhenApprovedThenSwitch();
        WhenSwitchedThenBake();
        WhenBakedThenRetain();
        WhenHeldAndApprovedThenRetain();
        WhenRetainedThenRelease();
        WhenReleasedThenCommit();
        WhenOvertakenThenMakeRoom();
        WhenCancelledThenTakeBack();
        WhenTimeIsUpThenEnd();
        WhenAStageFailsThenTearDown();
        WhenLiveAndFailingThenRollBack();
        WhenRevertedThenQuarantine();
        WhenTheRouteMovesThenFollowIt();
        WhenAStageIsGivenUpThenFault();
        WhenReplayIsAskedThenTryTheStageAgain();
        WhenMessagesAreLateThenIgnore();
    }

    private void WhenPromotedThenProvisionOrQueue()
    {
        Initially(When(Promoted).Accept().RequestSlot().Branch(
            deployment => deployment.Plan is not null, granted => granted.ConfirmOrProvision(this),
            busy => busy.Branch(
                deployment => deployment.EndedAt is null, waiting => waiting.Enter(this, Queued),
                ended => ended.EndAsDecided(this))));
        During(Queued,
            When(Granted).PinPolicy().Branch(
                deployment => deployment.Plan is not null, granted => granted.ConfirmOrProvision(this),
                ended => ended.EndAsDecided(this)),
            When(Overtaken).EndAsSuperseded(this),
            When(Deadline.Received, IsCurrentDeadline).Fail("The endpoint's slot did not come free").EndAsFailed(this));
    }

    private void WhenProvisionedThenWarm() =>
        During(Provisioning, When(Provisioned, IsCurrent)
            .Then(step => step.Saga.Green = step.Message.Fleet)
            .Then(step => step.Saga.Fingerprint = step.Message.Fingerprint)
            .StageDone("Provisioned")
            .Warm(this));

    private void WhenWarmedThenValidate() =>
        During(Warming, When(Warmed, IsCurrent)
            .Then(step => step.Saga.Warmth = step.Message.Replicas)
            .StageDone("Warmed")
            .Validate(this));

    private void WhenValidatedThenSwitchOrAwaitApproval() =>
        During(Validating, When(Validated, IsCurrent)
            .Then(step => step.Saga.Gates = step.Message.Gates)
            .IfElse(
                // A verdict about another environment or fingerprint, or one that leaves a gate of the policy out, moves no traffic.
                step => step.Saga.MaySwitchOn(step.Message), passed => passed.StageDone("Passed").Branch(
                    deployment => deployment.NeedsApproval(), asking => asking.AwaitApproval(this), ready => ready.Switch(this)),
                refused => refused.Fail("The verdict is not about this environment, or not every gate passed").TearDown(this)));

    private void WhenSwitchedThenBake()
    {
        During(Switching,
            When(Switched, IsCurrent).RecordReceipt().StageDone("Switched").Bake(this),
            // Whether it was switched is unknown: ask again, the router answers the same attempt with the same receipt.
            When(Deadline.Received, IsCurrentDeadline).RetryOr(CleanUpAttempts,
                again => again.SwitchAgain(this),
                last => last.Fail("The router did not answer").AskForRevert(this)));
    }

    private void WhenBakedThenRetain() =>
        During(Baking, When(BakePassed, IsCurrent)
            .Then(step => step.Saga.BakeMetrics = step.Message.Metrics)
            .StageDone("Passed")
            .RetainOrRelease(this));

    private void WhenRetainedThenRelease() =>
        During(Retaining, When(Deadline.Received, IsCurrentDeadline)
            .CountAsWaiting(step => step.Saga.Plan!.Bake.Retention).StageDone("Retained").Release(this));

    private void WhenReleasedThenCommit()
    {
        During(Releasing,
            When(Released, IsCurrent).RecordRoute(step => step.Message.Epoch).StageDone("Released").Branch(
                deployment => deployment.Blue is null, first => first.EndAsCommitted(this),
                replacing => replacing.Commit(this)),
            When(ReleaseFailed, IsCurrent).Note(step => step.Message.Reason),
            When(Deadline.Received, IsCurrentDeadline).RetryOr(CleanUpAttempts,
                again => again.ReleaseAgain(this),
                last => last.Fail("The router did not release the standby").Enter(this, Faulted)));
        During(Committing,
            When(Decommissioned, IsCurrent).StageDone("Decommissioned").EndAsCommitted(this),
            When(DecommissionFailed, IsCurrent).Note(step => step.Message.Reason),
            // The environment that no route refers to is the reaper's by now: it must not keep the endpoint from its next deployment.
            When(Deadline.Received, IsCurrentDeadline).RetryOr(CleanUpAttempts,
                again => again.CommitAgain(this), last => last.EndAsCommitted(this)));
    }

    private void WhenAStageFailsThenTearDown()
    {
        During(Provisioning,
            When(ProvisionFailed, IsCurrent).Note(step => step.Message.Reason).Branch(
                deployment => deployment.Attempt < deployment.Plan!.ProvisionAttempts, again => again.IfElse(
                    step => step.Message.Retryable, retry => retry.ProvisionAgain(this),
                    final => final.Fail(step => step.Message.Reason).TearDown(this)),
                last => last.Fail(step => step.Message.Reason).TearDown(this)),
            When(Deadline.Received, IsCurrentDeadline).Branch(
                deployment => deployment.Attempt < deployment.Plan!.ProvisionAttempts, again => again.ProvisionAgain(this),
                last => last.Fail("The environment was not provisioned before its deadline").TearDown(this)));
        During(Warming,
            When(WarmFailed, IsCurrent).Then(step => step.Saga.Warmth = step.Message.Replicas)
                .Fail(step => step.Message.Reason).TearDown(this),
            When(Deadline.Received, IsCurrentDeadline).Fail("The environment was not warm before the deadline").TearDown(this));
        During(Validating,
            When(ValidationRefused, IsCurrent).Then(step => step.Saga.Gates = step.Message.Gates)
                .Fail(step => step.Message.Reason).TearDown(this),
            When(Deadline.Received, IsCurrentDeadline).Fail("There was no verdict before the deadline").TearDown(this));
        During(Switching, When(SwitchFailed, IsCurrent).Fail(step => step.Message.Reason).TearDown(this));
        During(TearingDown,
            When(Decommissioned, IsCurrent).StageDone("Decommissioned").EndAsDecided(this),
            When(DecommissionFailed, IsCurrent).Note(step => step.Message.Reason),
            When(Deadline.Received, IsCurrentDeadline).RetryOr(CleanUpAttempts,
                again => again.TearDownAgain(this), last => last.EndAsDecided(this)));
    }

    private void WhenLiveAndFailingThenRollBack()
    {
        During(Baking,
            // Rollback hears BakingFailed itself and is at work already; asking is only the saga's insistence.
            When(BakeFailed, IsCurrent).Then(step => step.Saga.BakeMetrics = step.Message.Metrics)
                .Fail(step => step.Message.Reason).AwaitRevert(this),
            When(BakeInconclusive, IsCurrent).Then(step => step.Saga.BakeMetrics = step.Message.Metrics).Branch(
                deployment => deployment.Plan!.Bake.OnInconclusive == "hold", hold => hold.Hold(this),
                back => back.Fail(step => step.Message.Reason).AskForRevert(this)),
            When(Deadline.Received, IsCurrentDeadline).Fail("The bake gave no verdict before its deadline").AskForRevert(this));
        During([Provisioning, Warming, Validating, AwaitingApproval, Switching, Baking, Held, Retaining],
            When(RollbackAsked).CountDeclaredWaiting().Fail(step => $"{step.Message.RequestedBy}: {step.Message.Reason}").AwaitRevert(this));
        During(RollingBack,
            // No way back (a first deployment, or blue is gone): traffic stays where it is, and that is said. Once it is back, a refusal is late.
            When(RevertNotPossible, step => step.Saga.RevertedAt is null)
                .Then(step => step.Saga.Reason = $"{step.Saga.Reason}; {step.Message.Reason}")
                // Not hearing of the switch that was ordered does not mean that it was not made: what may be live is never torn down.
                .Branch(deployment => deployment.ReachedSwitching(), live => live.EndAsFailed(this), before => before.TearDown(this)),
            When(Quarantined, IsCurrent).StageDone("Quarantined").EndAsRolledBack(this),
            When(Deadline.Received, IsCurrentDeadline).RetryOr(CleanUpAttempts,
                again => again.RollBackAgain(this), last => last.Fail("The rollback could not be confirmed").Enter(this, Faulted)));
    }

    private void WhenRevertedThenQuarantine() =>
        During([Queued, Provisioning, Warming, Validating, AwaitingApproval, Switching, Baking, Held, Retaining, Releasing, Committing,
                RollingBack, TearingDown, Faulted],
            When(Reverted).RecordRevert().Quarantine(this));

    /// <summary>Whatever became of the deployment: the endpoint's copy of its route must not fall behind the route.</summary>
    private void WhenTheRouteMovesThenFollowIt()
    {
        During([RollingBack, TearingDown, Faulted, Committed, RolledBack, Failed],
            When(Switched).RecordRoute(step => step.Message.Epoch));
        During([Committed, RolledBack, Failed, Rejected, Cancelled, Superseded], When(Reverted).FollowRevert());
    }
}
