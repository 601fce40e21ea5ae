using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Platform.Tests.Fixture;

public sealed record OrderPlaced(Guid Id, TimeSpan Patience);

public sealed record OrderTicked(Guid Id);

public sealed record OrderPaid(Guid Id);

internal sealed class Order : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public Guid? DeadlineToken { get; set; }
    public int Ticks { get; set; }
}

internal sealed class OrderStateMachine : MassTransitStateMachine<Order>
{
    public OrderStateMachine()
    {
        InstanceState(order => order.CurrentState);
        Event(() => Placed, e => e.CorrelateById(context => context.Message.Id));
        Event(() => Ticked, e => e.CorrelateById(context => context.Message.Id));
        Event(() => PaidUp, e => e.CorrelateById(context => context.Message.Id));
        Schedule(() => Deadline, order => order.DeadlineToken,
            s => s.Received = received => received.CorrelateById(context => context.Message.DeploymentId));
        Initially(When(Placed)
            .Schedule(Deadline, context => new DeadlineExpired
            {
                DeploymentId = context.Saga.CorrelationId,
                Attempt = 1,
                State = "Open",
            }, context => context.Message.Patience)
            .TransitionTo(Open));
        During(Open,
            When(Ticked).Then(context => context.Saga.Ticks++),
            When(PaidUp).Unschedule(Deadline).TransitionTo(Closed),
            When(Deadline.Received).TransitionTo(Expired));
        DuringAny(Ignore(Placed), Ignore(Ticked), Ignore(PaidUp), Ignore(Deadline.Received), Ignore(Deadline.AnyReceived));
    }

    public State Open { get; } = null!;
    public State Closed { get; } = null!;
    public State Expired { get; } = null!;
    public Event<OrderPlaced> Placed { get; } = null!;
    public Event<OrderTicked> Ticked { get; } = null!;
    public Event<OrderPaid> PaidUp { get; } = null!;
    public Schedule<Order, DeadlineExpired> Deadline { get; } = null!;
}
