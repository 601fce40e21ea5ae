using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Sagas;
using MassTransit;

namespace BlueGreen.Platform.Messaging;

/// <summary>Registers consumers and sagas whose effects and messages commit together.</summary>
public static class DurableRegistration
{
    /// <summary>Queue <c>&lt;service&gt;-&lt;consumer&gt;</c>; one transaction of <typeparamref name="TDb"/> per message.</summary>
    public static void AddDurableConsumer<TConsumer, TDb>(this IBusRegistrationConfigurator bus)
        where TConsumer : class, IConsumer
        where TDb : ServiceDbContext =>
        bus.AddConsumer<TConsumer>(typeof(DurableConsumerDefinition<TConsumer, TDb>));

    /// <summary>Queue <c>&lt;service&gt;-&lt;saga&gt;</c>; the saga is a row of <typeparamref name="TDb"/>.</summary>
    public static void AddDurableSaga<TMachine, TSaga, TDb>(this IBusRegistrationConfigurator bus)
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, SagaStateMachineInstance
        where TDb : ServiceDbContext =>
        DurableSagaRepository.Use<TSaga, TDb>(
            bus.AddSagaStateMachine<TMachine, TSaga>(typeof(DurableSagaDefinition<TMachine, TSaga, TDb>)));
}
