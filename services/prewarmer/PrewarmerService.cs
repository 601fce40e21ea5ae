using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Traffic;
using BlueGreen.Prewarmer.Persistence;
using BlueGreen.Prewarmer.Rewarming;
using BlueGreen.Prewarmer.Warming;
using MassTransit;

namespace BlueGreen.Prewarmer;

/// <summary>Sends requests to new replicas until their latency is flat.</summary>
public sealed class PrewarmerService : IPlatformService
{
    internal const string ServiceName = "prewarmer";

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddServiceStore<PrewarmerDbContext>(ServiceName);
        builder.Services.AddInference();
        builder.Services.AddOptions<PrewarmerOptions>().BindConfiguration(PrewarmerOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<PrewarmerMetrics>();
        builder.Services.AddObservedTraffic();
        builder.Services.AddPlatformHttpClient(EnvironmentIdentities.HttpClient);
        builder.Services.AddSingleton<IReplicaIdentities, EnvironmentIdentities>();
        builder.Services.AddSingleton<ProductionConcurrency>();
        builder.Services.AddSingleton<ReplicaWarmer>();
        builder.Services.AddSingleton<WarmupPlan>();
        var options = builder.Configuration.GetSection(PrewarmerOptions.Section).Get<PrewarmerOptions>() ?? new();
        builder.AddWork<PrewarmerDbContext, WarmEnvironment, EnvironmentWarmer>(options.Concurrency);
        AddRewarming(builder);
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<WarmEnvironmentConsumer, PrewarmerDbContext>();
        bus.AddDurableConsumer<ReplicaRestartedConsumer, PrewarmerDbContext>();
        bus.AddDurableConsumer<EnvironmentDecommissionedConsumer, PrewarmerDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    private static void AddRewarming(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RewarmOptions>().BindConfiguration(RewarmOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddColdReplicas();
        var options = builder.Configuration.GetSection(RewarmOptions.Section).Get<RewarmOptions>() ?? new();
        builder.AddWork<PrewarmerDbContext, RewarmReplica, ReplicaRewarmer>(options.Concurrency);
    }
}
