using BlueGreen.Platform.Messaging;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>What people, newer promotions and the clock decide about a deployment under way.</summary>
internal sealed partial class DeploymentStateMachine
{
    /// <summary>Asked before the environment is built (by hooks only) and before it is switched to (by hooks and people).</summary>
    private void WhenApprovedThenSwitch() =>
        During(AwaitingApproval,
            When(Approved, IsApproval).RecordApproval().Branch(
                deployment => deployment.IsApproved(),
                enough => enough.CountDeclaredWaiting().StageDone("Approved").Branch(
                    deployment => deployment.Green is null, first => first.Provision(this), judged => judged.Switch(this)),
                others => others),
            When(Declined, IsRejection).CountDeclaredWaiting()
                .Decide("rejected", nameof(Rejected), step => step.Message.RejectedBy, step => step.Message.Reason).TearDown(this));

    /// <summary>The audited override of a bake without a verdict. Blue stays for the retention all the same.</summary>
    private void WhenHeldAndApprovedThenRetain() =>
        During(Held, When(Approved, IsApproval).RecordApproval().CountDeclaredWaiting().StageDone("Overridden").RetainOrRelease(this));

    private void WhenOvertakenThenMakeRoom()
    {
        During([Provisioning, Warming, Validating, AwaitingApproval], When(Overtaken).CountDeclaredWaiting().MakeRoom(this));
        // From the switch on it is too late to make room: the newer one waits, but for nothing that is only waiting itself.
        During([Switching, Baking, Held], When(Overtaken).RecordOvertaken());
        During(Retaining, When(Overtaken).RecordOvertaken().CountDeclaredWaiting().StageDone("Cut short").Release(this));
        During(Faulted, When(Overtaken).Branch(
            deployment => deployment.ReachedSwitching(), live => live.RecordOvertaken(), before => before.MakeRoom(this)));
    }

    private void WhenCancelledThenTakeBack()
    {
        During(Queued, When(CancelAsked).CountAsWaiting(step => step.Now() - step.Saga.StageStartedAt())
            .Decide("cancelled", nameof(Cancelled), step => step.Message.RequestedBy, step => step.Message.Reason).EndAsCancelled(this));
        During([Provisioning, Warming, Validating, AwaitingApproval], When(CancelAsked).CountDeclaredWaiting().CancelBeforeSwitch(this));
        // In Switching nobody knows which is faster. The veto decides: a switch that comes after it is refused, one that came before it is
        // taken back.
        During([Switching, Baking, Held, Retaining], When(CancelAsked).CountDeclaredWaiting().CancelByRollback(this));
        During(Faulted, When(CancelAsked).Branch(
            deployment => deployment.ReachedSwitching(), live => live.CancelByRollback(this), before => before.CancelBeforeSwitch(this)));
    }

    /// <summary>
    /// The deadline of the whole deployment. Nothing is limited before the slot, nor from the end of the bake on: what is left then is
    /// either a way back that must be finished, or a commit whose every step has a deadline of its own.
    /// </summary>
    private void WhenTimeIsUpThenEnd()
    {
        During([Provisioning, Warming, Validating], When(Deadline.Received, IsTimeUp).FailForTime().TearDown(this));
        During(AwaitingApproval, When(Deadline.Received, IsAnyCurrentDeadline).CountDeclaredWaiting().FailForTime().TearDown(this));
        During([Switching, Baking], When(Deadline.Received, IsTimeUp).CountDeclaredWaiting().FailForTime().AskForRevert(this));
        During(Held, When(Deadline.Received, IsAnyCurrentDeadline).CountDeclaredWaiting().FailForTime().AskForRevert(this));
    }
}
