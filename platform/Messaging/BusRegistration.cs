using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>Consumers that the platform itself adds for a service's store.</summary>
internal sealed record PlatformConsumers(Action<IBusRegistrationConfigurator> Add);

/// <summary>One bus per process, with the consumers of every service that runs in it.</summary>
internal static class BusRegistration
{
    public static void AddPlatformBus(this IHostApplicationBuilder builder, IReadOnlyList<IPlatformService> services)
    {
        builder.Services.AddSingleton<ConsumedMessages>();
        builder.Services.AddSingleton<DispatchBus>();
        builder.Services.AddSingleton<QueueConflicts>();
        builder.Services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<QueueConflicts>());
        builder.Services.AddSingleton<OwnQueues>().AddSingleton<BrokerView>();
        builder.Services.AddSingleton(new ProcessRole(services.Any(service => service.CarriesRequests)));
        builder.Services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<OwnQueues>());
        builder.Services.AddHealthChecks().AddCheck<QueueConflicts>("queues", tags: ["ready"]);
        var transport = builder.Configuration[$"{BusOptions.Section}:{nameof(BusOptions.Transport)}"] ?? BusOptions.Embedded;
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var service in services) service.AddConsumers(bus);
            foreach (var own in builder.Services.Where(service => service.ServiceType == typeof(PlatformConsumers)).ToList())
                ((PlatformConsumers)own.ImplementationInstance!).Add(bus);
            if (transport == BusOptions.RabbitMq) bus.UsingRabbitMq(ConfigureRabbitMq);
            else bus.UsingInMemory(ConfigureEmbedded);
        });
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            // A broker that is down must not keep the process down: webhooks are still stored, reverts still done.
            host.WaitUntilStarted = false;
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddHostedService<ConsumerWatch>();
    }

    private static void ConfigureRabbitMq(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator configurator)
    {
        var options = context.GetRequiredService<IOptions<BusOptions>>().Value;
        configurator.Host(new Uri(options.Host), options.Configure);
        ConfigureCommon(configurator);
        configurator.ConfigureEndpoints(context);
    }

    private static void ConfigureEmbedded(IBusRegistrationContext context, IInMemoryBusFactoryConfigurator configurator)
    {
        ConfigureCommon(configurator);
        configurator.ConfigureEndpoints(context);
    }

    private static void ConfigureCommon(IBusFactoryConfigurator configurator)
    {
        // The marker interfaces are for code; as message types they would only be exchanges nobody reads.
        configurator.Publish<IDeploymentMessage>(topology => topology.Exclude = true);
        configurator.Publish<IStageMessage>(topology => topology.Exclude = true);
        ((IConsumePipeConfigurator)configurator).AddPrePipeSpecification(
            new FilterPipeSpecification<ConsumeContext>(new DurableSchedulerFilter()));
    }
}
