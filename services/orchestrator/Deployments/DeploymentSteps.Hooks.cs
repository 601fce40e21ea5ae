using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Asking the endpoint's owners. There is no state for it: a hook approves, rejects or asks for a rollback as a person would.</summary>
internal static partial class DeploymentSteps
{
    private static readonly Func<Deployment, IReadOnlyList<Hook>> ApprovingHooks = saga => saga.Approving();
    private static readonly Func<Deployment, IReadOnlyList<Hook>> BakingHooks = saga => saga.HooksOf("rollout", "rollback");
    private static readonly Func<Deployment, IReadOnlyList<Hook>> EventHooks = saga => saga.HooksOf("event");
    private static readonly Func<Deployment, IReadOnlyList<Hook>> EndingHooks = saga => saga.HooksOf("post-rollout", "event");

    /// <summary>The slot is this deployment's: whoever must be asked first is asked, before anything is built.</summary>
    public static EventActivityBinder<Deployment, T> ConfirmOrProvision<T>(
        this EventActivityBinder<Deployment, T> step, DeploymentStateMachine machine) where T : class =>
        step.Branch(saga => saga.Approving().Count > 0, asking => asking.AwaitApproval(machine), ready => ready.Provision(machine));

    private static EventActivityBinder<Deployment, T> AskHooks<T>(
        this EventActivityBinder<Deployment, T> step, State state, Func<Deployment, IReadOnlyList<Hook>> hooks) where T : class =>
        step.If(
            context => hooks(context.Saga).Count > 0,
            asking => asking.Publish(context => Commands.Hooks(context, state.Name, hooks(context.Saga))));
}
