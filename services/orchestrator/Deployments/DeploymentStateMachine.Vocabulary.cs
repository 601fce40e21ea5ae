using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

internal sealed partial class DeploymentStateMachine
{
    public State Queued { get; } = null!;
    public State Provisioning { get; } = null!;
    public State Warming { get; } = null!;
    public State Validating { get; } = null!;
    public State AwaitingApproval { get; } = null!;
    public State Switching { get; } = null!;
    public State Baking { get; } = null!;
    public State Held { get; } = null!;
    public State Retaining { get; } = null!;
    public State Releasing { get; } = null!;
    public State Committing { get; } = null!;
    public State RollingBack { get; } = null!;
    public State TearingDown { get; } = null!;
    public State Faulted { get; } = null!;
    public State Committed { get; } = null!;
    public State RolledBack { get; } = null!;
    public State Failed { get; } = null!;
    public State Rejected { get; } = null!;
    public State Cancelled { get; } = null!;
    public State Superseded { get; } = null!;

    public Event<ModelPromoted> Promoted { get; } = null!;
    public Event<SlotGranted> Granted { get; } = null!;
    public Event<SupersedeDeployment> Overtaken { get; } = null!;
    public Event<EnvironmentProvisioned> Provisioned { get; } = null!;
    public Event<ProvisioningFailed> ProvisionFailed { get; } = null!;
    public Event<EnvironmentWarmed> Warmed { get; } = null!;
    public Event<WarmingFailed> WarmFailed { get; } = null!;
    public Event<EnvironmentValidated> Validated { get; } = null!;
    public Event<ValidationFailed> ValidationRefused { get; } = null!;
    public Event<DeploymentApproved> Approved { get; } = null!;
    public Event<DeploymentRejected> Declined { get; } = null!;
    public Event<CancelDeployment> CancelAsked { get; } = null!;
    public Event<TrafficSwitched> Switched { get; } = null!;
    public Event<SwitchingFailed> SwitchFailed { get; } = null!;
    public Event<BakingPassed> BakePassed { get; } = null!;
    public Event<BakingFailed> BakeFailed { get; } = null!;
    public Event<BakingInconclusive> BakeInconclusive { get; } = null!;
    public Event<StandbyReleased> Released { get; } = null!;
    public Event<StandbyReleaseFailed> ReleaseFailed { get; } = null!;
    public Event<EnvironmentDecommissioned> Decommissioned { get; } = null!;
    public Event<DecommissioningFailed> DecommissionFailed { get; } = null!;
    public Event<RollbackRequested> RollbackAsked { get; } = null!;
    public Event<TrafficReverted> Reverted { get; } = null!;
    public Event<RevertRefused> RevertNotPossible { get; } = null!;
    public Event<EnvironmentQuarantined> Quarantined { get; } = null!;

    /// <summary>The one deadline of whatever state the deployment waits in.</summary>
    public Schedule<Deployment, DeadlineExpired> Deadline { get; } = null!;

    private void CorrelateMessages()
    {
        Correlate(() => Promoted);
        Correlate(() => Granted);
        Correlate(() => Overtaken);
        Correlate(() => Provisioned);
        Correlate(() => ProvisionFailed);
        Correlate(() => Warmed);
        Correlate(() => WarmFailed);
        Correlate(() => Validated);
        Correlate(() => ValidationRefused);
        Correlate(() => Approved);
        Correlate(() => Declined);
        Correlate(() => CancelAsked);
        Correlate(() => Switched);
        Correlate(() => SwitchFailed);
        Correlate(() => BakePassed);
        Correlate(() => BakeFailed);
        Correlate(() => BakeInconclusive);
        Correlate(() => Released);
        Correlate(() => ReleaseFailed);
        Correlate(() => Decommissioned);
        Correlate(() => DecommissionFailed);
        Correlate(() => RollbackAsked);
        Correlate(() => Reverted);
        Correlate(() => RevertNotPossible);
        Correlate(() => Quarantined);
        CorrelateReplays();
        Schedule(() => Deadline, deployment => deployment.DeadlineToken,
            schedule => schedule.Received = received => received.CorrelateById(context => context.Message.DeploymentId));
    }

    private void Correlate<T>(System.Linq.Expressions.Expression<Func<Event<T>>> message) where T : class, IDeploymentMessage =>
        Event(message, correlate => correlate.CorrelateById(context => context.Message.DeploymentId));

    /// <summary>An outcome of the attempt that is under way; any other is a late answer to an attempt that was given up.</summary>
    private static bool IsCurrent<T>(BehaviorContext<Deployment, T> context) where T : class, IStageMessage =>
        context.Message.Attempt == context.Saga.Attempt;

    /// <summary>A cancelled deadline may already be on its way: it counts only for the state and attempt that set it.</summary>
    private static bool IsCurrentDeadline(BehaviorContext<Deployment, DeadlineExpired> context) =>
        !context.Message.WholeDeployment && IsAnyCurrentDeadline(context);

    /// <summary>The same, where it was the time of the whole deployment that ran out.</summary>
    private static bool IsTimeUp(BehaviorContext<Deployment, DeadlineExpired> context) =>
        context.Message.WholeDeployment && IsAnyCurrentDeadline(context);

    private static bool IsAnyCurrentDeadline(BehaviorContext<Deployment, DeadlineExpired> context) =>
        context.Message.State == context.Saga.CurrentState && context.Message.Attempt == context.Saga.Attempt;

    /// <summary>About what the deployment waits for now, from somebody whose word counts and has not been counted.</summary>
    private static bool IsApproval(BehaviorContext<Deployment, DeploymentApproved> context) =>
        context.Message.State == context.Saga.CurrentState && context.Message.EnvironmentId == context.Saga.EnvironmentId
        && context.Message.Fingerprint == (context.Saga.Fingerprint ?? "") && context.Saga.MayBeApprovedBy(context.Message.ApprovedBy);

    private static bool IsRejection(BehaviorContext<Deployment, DeploymentRejected> context) =>
        context.Message.State == context.Saga.CurrentState && context.Message.EnvironmentId == context.Saga.EnvironmentId
        && context.Message.Fingerprint == (context.Saga.Fingerprint ?? "");

    /// <summary>
    /// Late, repeated or overtaken messages. A redelivered promotion is the deployment that already exists; an outcome of a stage that is
    /// over changes nothing any more; a deadline that lost the race against its outcome was cancelled in spirit; a veto of a deployment that
    /// has ended finds nothing of it in traffic; a decision of an operator or a newer promotion came after the one that was faster, or when
    /// the deployment was on its way out or through already.
    /// </summary>
    private void WhenMessagesAreLateThenIgnore()
    {
        DuringAny(
            Ignore(Promoted), Ignore(Granted), Ignore(Overtaken), Ignore(Provisioned), Ignore(ProvisionFailed), Ignore(Warmed),
            Ignore(WarmFailed), Ignore(Validated), Ignore(ValidationRefused), Ignore(Approved), Ignore(Declined),
            Ignore(CancelAsked), Ignore(Switched), Ignore(SwitchFailed), Ignore(BakePassed),
            Ignore(BakeFailed), Ignore(BakeInconclusive), Ignore(Released), Ignore(ReleaseFailed), Ignore(Decommissioned),
            Ignore(DecommissionFailed), Ignore(RollbackAsked), Ignore(Reverted), Ignore(RevertNotPossible), Ignore(Quarantined),
            Ignore(GivenUp), Ignore(ReplayAsked),
            Ignore(Deadline.Received), Ignore(Deadline.AnyReceived));
    }
}
