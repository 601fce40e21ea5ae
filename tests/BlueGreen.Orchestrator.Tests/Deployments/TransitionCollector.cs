using BlueGreen.Orchestrator.Deployments;
using MassTransit;
using MassTransit.SagaStateMachine;

namespace BlueGreen.Orchestrator.Tests.Deployments;

/// <summary>Reads from the state machine which message leads from which state to which.</summary>
internal sealed class TransitionCollector : StateMachineVisitor
{
    private State? _state;
    private Event? _message;

    public HashSet<(string From, string Message, string To)> Transitions { get; } = [];

    public static IReadOnlySet<(string From, string Message, string To)> Of(DeploymentStateMachine machine)
    {
        var collector = new TransitionCollector();
        ((IVisitable)machine).Accept(collector);
        return collector.Transitions;
    }

    public void Visit(State state, Action<State> next)
    {
        _state = state;
        next(state);
    }

    public void Visit(Event @event, Action<Event> next)
    {
        _message = @event;
        next(@event);
    }

    public void Visit<TMessage>(Event<TMessage> @event, Action<Event<TMessage>> next) where TMessage : class
    {
        _message = @event;
        next(@event);
    }

    public void Visit(IStateMachineActivity activity, Action<IStateMachineActivity> next)
    {
        if (activity is TransitionActivity<Deployment> transition && _state is not null && _message is not null)
            Transitions.Add((_state.Name, _message.Name, transition.ToState.Name));
        next(activity);
    }

    public void Visit(State state) => Visit(state, _ => { });
    public void Visit(Event @event) => Visit(@event, _ => { });
    public void Visit<TMessage>(Event<TMessage> @event) where TMessage : class => Visit(@event, _ => { });
    public void Visit(IStateMachineActivity activity) => Visit(activity, _ => { });
    public void Visit<T>(IBehavior<T> behavior) where T : class, SagaStateMachineInstance => Visit(behavior, _ => { });
    public void Visit<T>(IBehavior<T> behavior, Action<IBehavior<T>> next) where T : class, SagaStateMachineInstance => next(behavior);
    public void Visit<T, TMessage>(IBehavior<T, TMessage> behavior) where T : class, SagaStateMachineInstance where TMessage : class =>
        Visit(behavior, _ => { });

    public void Visit<T, TMessage>(IBehavior<T, TMessage> behavior, Action<IBehavior<T, TMessage>> next)
        where T : class, SagaStateMachineInstance where TMessage : class => next(behavior);
}
