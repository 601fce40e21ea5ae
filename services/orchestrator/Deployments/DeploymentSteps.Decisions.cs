using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Policies;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Decisions of people, newer promotions and the clock: on whose word, and what becomes of the deployment.</summary>
internal static partial class DeploymentSteps
{
    public static EventActivityBinder<Deployment, DeploymentApproved> RecordApproval(
        this EventActivityBinder<Deployment, DeploymentApproved> step) =>
        step.Then(context =>
        {
            var (saga, approved) = (context.Saga, context.Message);
            saga.Approvals =
            [
                .. saga.Approvals, new Approval
                {
                    By = approved.ApprovedBy,
                    At = approved.ApprovedAt,
                    State = approved.State,
                    Reason = approved.Reason,
                },
            ];
            var what = approved.State == nameof(DeploymentStateMachine.Held) ? "the bake without a verdict" : "the switch";
            var why = approved.Reason is null ? "" : $": {approved.Reason}";
            context.Record("approved", $"{approved.ApprovedBy} approved {what}{why}", approved.ApprovedBy, data: approved);
        });

    /// <summary>On somebody's word the deployment is to end in the given state, for a reason that carries the name.</summary>
    public static EventActivityBinder<Deployment, T> Decide<T>(
        this EventActivityBinder<Deployment, T> step,
        string kind,
        string ending,
        Func<BehaviorContext<Deployment, T>, string> who,
        Func<BehaviorContext<Deployment, T>, string> why) where T : class =>
        step.Then(context =>
        {
            var reason = $"{who(context)}: {why(context)}";
            context.Saga.EndsAs = ending;
            context.Saga.Reason = reason;
            context.CloseStage(ending, reason);
            context.Record(kind, reason, who(context));
        });

    public static EventActivityBinder<Deployment, CancelDeployment> CancelBeforeSwitch(
        this EventActivityBinder<Deployment, CancelDeployment> step, DeploymentStateMachine machine) =>
        step.Decide("cancelled", nameof(DeploymentStateMachine.Cancelled), context => context.Message.RequestedBy, context => context.Message.Reason)
            .TearDown(machine);

    public static EventActivityBinder<Deployment, CancelDeployment> CancelByRollback(
        this EventActivityBinder<Deployment, CancelDeployment> step, DeploymentStateMachine machine) =>
        step.Then(context => context.Record("cancelled", $"Cancelled after the switch was ordered: {context.Message.Reason}", context.Message.RequestedBy))
            .Fail(context => $"{context.Message.RequestedBy}: {context.Message.Reason}")
            .AskForRevert(machine);

    public static EventActivityBinder<Deployment, SupersedeDeployment> MakeRoom(
        this EventActivityBinder<Deployment, SupersedeDeployment> step, DeploymentStateMachine machine) =>
        step.Then(context => context.Saga.SupersededBy = context.Message.SupersededBy)
            .Decide(
                "overtaken", nameof(DeploymentStateMachine.Superseded), _ => "superseded", context => $"deployment {context.Message.SupersededBy} goes first")
            .TearDown(machine);

    public static EventActivityBinder<Deployment, SupersedeDeployment> RecordOvertaken(
        this EventActivityBinder<Deployment, SupersedeDeployment> step) =>
        step.Then(context =>
        {
            context.Saga.OvertakenBy = context.Message.SupersededBy;
            context.Record("overtaken", $"Deployment {context.Message.SupersededBy} waits: nothing will be retained");
        });

    public static EventActivityBinder<Deployment, DeadlineExpired> FailForTime(this EventActivityBinder<Deployment, DeadlineExpired> step) =>
        step.Fail(context =>
        {
            var limit = PolicyValues.Write(context.Saga.Plan!.Deadline);
            return context.Saga.CurrentState is nameof(DeploymentStateMachine.AwaitingApproval) or nameof(DeploymentStateMachine.Held)
                ? $"Nobody decided before the deployment's deadline of {limit}"
                : $"The deployment's deadline of {limit} passed while {context.Saga.CurrentState}";
        });

    /// <summary>Whether a switch may have been made: from here on only the router knows what is live.</summary>
    public static bool ReachedSwitching(this Deployment saga) =>
        saga.Stages.Any(stage => stage.Stage == nameof(DeploymentStateMachine.Switching));

    /// <summary>Four eyes cannot be told apart from two where the promoter is not known: then two people must approve.</summary>
    public static int RequiredApprovals(this Deployment saga) => saga.Plan is not { } plan ? 0
        : plan is { FourEyes: true, Approvals: > 0 } && saga.PromotedBy is null ? Math.Max(2, plan.Approvals)
        : plan.Approvals;

    /// <summary>Whether this person's word would count, in the state the deployment is in.</summary>
    public static bool MayBeApprovedBy(this Deployment saga, string person) => !saga.IsPromotersOwn(person) && !saga.IsApprovedBy(person);

    public static bool IsPromotersOwn(this Deployment saga, string person) =>
        saga.Plan?.FourEyes == true && saga.PromotedBy is { } promoter && IsSame(promoter, person);

    public static bool IsApprovedBy(this Deployment saga, string person) =>
        saga.Approvals.Any(approval => approval.State == saga.CurrentState && IsSame(approval.By, person));

    private static bool IsSame(string one, string other) =>
        string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
