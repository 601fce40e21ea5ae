using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.Generic;
using BlueGreen.RegistryListener.Webhooks;
using MassTransit;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener;

/// <summary>Hears model registries: <c>POST /webhooks/{source}</c> becomes <c>ModelPromoted</c>.</summary>
public sealed class RegistryListenerService : IPlatformService
{
    internal const string ServiceName = "registry-listener";

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddServiceStore<RegistryListenerDbContext>(ServiceName);
        var services = builder.Services;
        services.AddOptions<RegistryListenerOptions>()
            .BindConfiguration(RegistryListenerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistryListenerOptions>, RegistryListenerOptions.Validator>();
        services.AddSingleton<IPromotionSource, GenericPromotionSource>();
        services.AddSingleton<PromotionIntake>();
        services.AddHostedService<DeliveryRetention>();
        services.AddHostedService<WebhookRehearsal>();
    }

    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddDurableConsumer<EndpointConfiguredConsumer, RegistryListenerDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapWebhooks();
}
