using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Direct;
using BlueGreen.Router.Drivers;
using BlueGreen.Router.Drivers.Alb;
using BlueGreen.Router.Drivers.Kubernetes;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Peaks;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Releasing;
using BlueGreen.Router.Reverting;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Windows;
using MassTransit;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router;

/// <summary>Sends each endpoint's requests to its live environment, moves them at a switch and takes them back at a revert.</summary>
public sealed class RouterService : IPlatformService
{
    public string Name => RouterDbContext.Service;
    public bool CarriesRequests => true;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RouterOptions>().BindConfiguration(RouterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpForwarder();
        services.AddInference();
        services.AddSingleton<EnvironmentRegistry>().AddSingleton<RoutingTable>().AddSingleton<RouterMetrics>();
        services.AddSingleton(provider => OutlierRule.Of(
            provider.GetRequiredService<IOptions<RouterOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<UpstreamClient>().AddSingleton<DirectForwarder>().AddSingleton<RequestForwarder>().AddSingleton<InferenceProxy>();
        services.AddSingleton<PairLog>().AddSingleton<DirectCopy>().AddSingleton<CopySender>().AddSingleton<TrafficMirror>();
        services.AddSingleton<OpenExchanges>().AddSingleton<InferenceApplication>();
        services.AddSingleton<ReplicaFile>().AddSingleton<ReplicaStanding>().AddSingleton<VetoJournal>();
        services.AddSingleton<StandbyHealth>().AddSingleton<StandbyProbe>().AddSingleton<RevertService>();
        services.AddSingleton<RouteSignals>().AddSingleton<RouteIntake>().AddSingleton<RouteAnnouncer>().AddSingleton<RouteReader>();
        services.AddSingleton<DatabaseClock>().AddSingleton<AcknowledgementBoard>().AddSingleton<ReplicaRegistry>();
        services.AddSingleton<AcknowledgementWait>().AddSingleton<SilentReplicas>().AddSingleton<StrictCutover>();
        services.AddHostedService<RouterRestorer>();
        builder.AddServiceStore<RouterDbContext>(Name, startsWithoutDatabase: true);
        builder.AddWork<RouterDbContext, SwitchTraffic, SwitchTrafficHandler>(concurrency: 8);
        builder.AddWork<RouterDbContext, ReleaseStandby, ReleaseStandbyHandler>(concurrency: 8);
        builder.AddWork<RouterDbContext, AnnounceRoute, AnnounceRouteHandler>();
        AddBackground<RouteFollower>(services);
        AddBackground<RouteKeeper>(services);
        AddBackground<RouteListener>(services);
        AddBackground<ReplicaSight>(services);
        AddBackground<VetoReconciler>(services);
        AddBackground<StandbyWatch>(services);
        services.AddSingleton<PeakBook>().AddSingleton<CaptureQueue>();
        AddBackground<CaptureWriter>(services);
        AddBackground<CaptureKeeper>(services);
        AddBackground<PeakWatch>(services);
        AddBackground<HoldWatch>(services);
        AddBackground<HealthWatch>(services);
        AddBackground<DrainWatch>(services);
        AddBackground<UpstreamSweep>(services);
        AddBackground<InferenceServer>(services);
        services.AddTrafficDrivers().AddKubernetesDrivers().AddAlbDriver();
        services.AddSingleton<DriverNews>().AddSingleton<DriverAlarms>().AddSingleton<DriverTurns>().AddSingleton<DriverPlaces>().AddSingleton<DriverCutover>();
        AddBackground<DriverKeeper>(services);
        AddBackground<DriverWatch>(services);
        services.AddHostedService<RevertRehearsal>();
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<EndpointConfiguredConsumer, RouterDbContext>();
        bus.AddDurableConsumer<CaptureConfiguredConsumer, RouterDbContext>();
        bus.AddDurableConsumer<CaptureQuarantineConsumer, RouterDbContext>();
        bus.AddDurableConsumer<SwitchTrafficConsumer, RouterDbContext>();
        bus.AddDurableConsumer<ReleaseStandbyConsumer, RouterDbContext>();
        bus.AddDurableConsumer<ValidateEnvironmentConsumer, RouterDbContext>();
        bus.AddDurableConsumer<DecommissionEnvironmentConsumer, RouterDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("/routes").WithTags("router");
        routes.MapGet("", RouteEndpoints.List);
        endpoints.MapGroup("/router/replicas").WithTags("router").RequireOperator().MapReplicas();
        routes.MapGet("/{endpoint}", RouteEndpoints.Get)
            .Produces<RouteResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/{endpoint}/windows", WindowEndpoint.Get);
        routes.MapGet("/{endpoint}/peak", PeakEndpoint.Get);
        routes.MapGet("/{endpoint}/captures", CaptureEndpoint.GetAsync).RequireOperator();
        routes.MapGet("/{endpoint}/pairs", PairEndpoint.Get).Produces<PairsResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/{endpoint}/cold/{environment:guid}/{replica:int}", ColdReplicaEndpoint.Put).RequireOperator();
        routes.MapDelete("/{endpoint}/cold/{environment:guid}/{replica:int}", ColdReplicaEndpoint.Delete).RequireOperator();
        routes.MapDriver();
        routes.MapPost("/{endpoint}/revert", RevertEndpoint.HandleAsync).RequireRevertToken();
    }

    private static void AddBackground<T>(IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
