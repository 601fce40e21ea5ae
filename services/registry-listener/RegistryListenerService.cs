using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Outcomes;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Polling;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.AzureMl;
using BlueGreen.RegistryListener.Sources.CloudEvents;
using BlueGreen.RegistryListener.Sources.Databricks;
using BlueGreen.RegistryListener.Sources.Generic;
using BlueGreen.RegistryListener.Sources.HuggingFace;
using BlueGreen.RegistryListener.Sources.Identity;
using BlueGreen.RegistryListener.Sources.Mlflow;
using BlueGreen.RegistryListener.Sources.SageMaker;
using BlueGreen.RegistryListener.Sources.Vertex;
using BlueGreen.RegistryListener.Sources.WeightsAndBiases;
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
        AddSources(services);
        AddIdentity(services);
        services.AddSingleton<PromotionIntake>();
        services.AddHostedService(provider => provider.GetRequiredService<PromotionIntake>());
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<WebhookReceiver>();
        services.AddHostedService<DeliveryRetention>();
        services.AddHostedService<WebhookRehearsal>();
        AddRegistries(builder);
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<EndpointConfiguredConsumer, RegistryListenerDbContext>();
        bus.AddDurableConsumer<DeploymentEndConsumer, RegistryListenerDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapWebhooks();
        endpoints.MapDeliveries();
    }

    private static void AddRegistries(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMlflow();
        services.AddSingleton<MlflowRegistry>();
        services.AddHostedService<AliasPoll>();
        services.AddHttpClient(OutcomeReporter.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }).RemoveAllLoggers();
        builder.AddWork<RegistryListenerDbContext, ReportOutcome, OutcomeReporter>(concurrency: 4);
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IdentityTokens>();
        services.AddHttpClient(SigningKeys.ClientName, client => client.MaxResponseContentBufferSize = 256 * 1024)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }).RemoveAllLoggers();
    }

    private static void AddSources(IServiceCollection services)
    {
        services.AddSingleton<PromotionSources>();
        services.AddSingleton<IPromotionSource, GenericPromotionSource>();
        services.AddSingleton<IPromotionSource, CloudEventsPromotionSource>();
        services.AddSingleton<IPromotionSource, MlflowPromotionSource>();
        services.AddSingleton<IPromotionSource, DatabricksPromotionSource>();
        services.AddSingleton<IPromotionSource, SageMakerPromotionSource>();
        services.AddSingleton<IPromotionSource, VertexPromotionSource>();
        services.AddSingleton<IPromotionSource, AzureMlPromotionSource>();
        services.AddSingleton<IPromotionSource, HuggingFacePromotionSource>();
        services.AddSingleton<IPromotionSource, WandbPromotionSource>();
    }
}
