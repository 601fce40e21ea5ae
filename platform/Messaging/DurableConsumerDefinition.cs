using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>The queue of one consumer: retries outermost (each with a fresh context), then the transaction, then the consumer.</summary>
internal sealed class DurableConsumerDefinition<TConsumer, TDb> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
    where TDb : ServiceDbContext
{
    public DurableConsumerDefinition(ServiceName<TDb> service, ConsumedMessages consumed)
    {
        EndpointName = $"{service.Value}-{KebabCaseEndpointNameFormatter.Instance.Consumer<TConsumer>()}";
        foreach (var contract in typeof(TConsumer).GetInterfaces().Where(IsConsumerOf))
            consumed.Add(contract.GetGenericArguments()[0]);
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<TConsumer> consumerConfigurator,
        IRegistrationContext context) => DurableQueue.Configure<TDb>(endpointConfigurator, context);

    private static bool IsConsumerOf(Type contract) =>
        contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConsumer<>);
}

/// <summary>What every durable queue has in common.</summary>
internal static class DurableQueue
{
    /// <summary>
    /// Deliveries that came back: killed processes, outages longer than the hold. RabbitMQ 4 would drop a message at its 21st; what is
    /// wrong with a message is for our own retries to find out.
    /// </summary>
    private const int DeliveryLimit = 1_000_000_000;

    /// <summary>From a channel to its consumer: a few dozen answers of the broker, each of which has a limit of 20 s with the client.</summary>
    private static readonly TimeSpan ConsumerLimit = TimeSpan.FromSeconds(30);

    public static void Configure<TDb>(IReceiveEndpointConfigurator endpoint, IRegistrationContext context) where TDb : ServiceDbContext
    {
        var options = context.GetRequiredService<IOptions<BusOptions>>().Value;
        endpoint.ConcurrentMessageLimit = options.Concurrency;
        endpoint.PrefetchCount = options.Concurrency * 2;
        var clock = context.GetRequiredService<TimeProvider>();
        var stopping = context.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
        {
            queue.SetQuorumQueue();
            queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            var log = context.GetRequiredService<ILogger<ConsumingGuard>>();
            var guard = new ConsumingGuard(endpoint.InputAddress.Segments[^1], ConsumerLimit, clock, log, stopping);
            queue.ConfigureChannel(channel => channel.UseFilter(guard));
            queue.ConnectReceiveEndpointObserver(guard);
        }

        // Fault<T> is read by nobody here: what is given up becomes a fault of the platform's own, in the database.
        endpoint.PublishFaults = false;
        context.GetRequiredService<OwnQueues>().Add(endpoint.InputAddress.Segments[^1]);
        var hold = options.IsEmbedded ? Timeout.InfiniteTimeSpan : options.OutageHold;
        var queues = context.GetRequiredService<DurableQueues<TDb>>();
        queues.Add(endpoint.InputAddress.Segments[^1]);
        FaultFilters.Configure(
            endpoint, context.GetRequiredService<FaultJournal<TDb>>, context.GetRequiredService<ILogger<FaultJournal<TDb>>>());
        endpoint.UseMessageRetry(retry => retry.SetRetryPolicy(_ => new PatientRetry(hold, clock, stopping)));
        var transaction = new OutboxConsumePipeSpecificationObserver<TDb>(endpoint, context);
        endpoint.ConnectConsumerConfigurationObserver(transaction);
        endpoint.ConnectSagaConfigurationObserver(transaction);
    }
}

/// <summary>The kebab-case name of the service that owns <typeparamref name="TDb"/>.</summary>
internal sealed record ServiceName<TDb>(string Value) where TDb : ServiceDbContext;
