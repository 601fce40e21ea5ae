using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using MassTransit;

namespace BlueGreen.Platform.Sagas;

/// <summary>The saga's one queue, with the same retries and transaction as a consumer's.</summary>
internal sealed class DurableSagaDefinition<TMachine, TSaga, TDb> : SagaDefinition<TSaga>
    where TMachine : class, SagaStateMachine<TSaga>
    where TSaga : class, SagaStateMachineInstance
    where TDb : ServiceDbContext
{
    public DurableSagaDefinition(ServiceName<TDb> service, ConsumedMessages consumed, TMachine machine)
    {
        EndpointName = $"{service.Value}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(typeof(TSaga).Name)}";
        var messages = machine.Events
            .Select(@event => @event.GetType()).SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Event<>))
            .Select(type => type.GetGenericArguments()[0]).Distinct();
        foreach (var message in messages) consumed.Add(message);
    }

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TSaga> sagaConfigurator, IRegistrationContext context) =>
        DurableQueue.Configure<TDb>(endpointConfigurator, context);
}
