using BlueGreen.Contracts;
using BlueGreen.EnvManager.Artifacts;
using BlueGreen.EnvManager.Decommissioning;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Drivers.Processes;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.EnvManager.Provisioning;
using BlueGreen.EnvManager.Quarantining;
using BlueGreen.EnvManager.Reaping;
using BlueGreen.EnvManager.Serving;
using BlueGreen.EnvManager.Watching;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Traffic;
using MassTransit;

namespace BlueGreen.EnvManager;

/// <summary>Builds serving environments, keeps them alive while a route names them and tears them down when none does.</summary>
public sealed class EnvManagerService : IPlatformService
{
    internal const string ServiceName = "env-manager";

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EnvManagerOptions>()
            .BindConfiguration(EnvManagerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddServiceStore<EnvManagerDbContext>(ServiceName);
        builder.AddWork<EnvManagerDbContext, ProvisionEnvironment, ProvisioningHandler>(concurrency: 4);
        builder.AddWork<EnvManagerDbContext, DecommissionEnvironment, DecommissioningHandler>(concurrency: 8);

        var services = builder.Services;
        services.AddSingleton<DataFolders>();
        services.AddSingleton<EnvManagerMetrics>();
        services.AddSingleton(typeof(KeyedTurns<>));
        AddArtifacts(services);
        AddDrivers(services);
        services.AddSingleton<ReplicaAddresses>();
        services.AddSingleton<ReadinessProbe>();
        services.AddInference();
        services.AddScoped<FleetBuilder>();
        services.AddSingleton<ArtifactPin>();
        services.AddSingleton<Teardown>();
        services.AddScoped<RouteBook>();
        services.AddSingleton<Reaper>();
        services.AddSingleton<DiskSweep>();
        services.AddColdReplicas();
        services.AddSingleton<ReplicaSupervisor>();
        services.AddSingleton<ReplicaWatch>();
        services.AddHostedService<ReaperLoop>();
        services.AddHostedService<ReplicaWatchLoop>();
        services.AddHostedService<ShutdownTeardown>();
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<ProvisionEnvironmentConsumer, EnvManagerDbContext>();
        bus.AddDurableConsumer<DecommissionEnvironmentConsumer, EnvManagerDbContext>();
        bus.AddDurableConsumer<QuarantineEnvironmentConsumer, EnvManagerDbContext>();
        bus.AddDurableConsumer<TrafficSwitchedConsumer, EnvManagerDbContext>();
        bus.AddDurableConsumer<TrafficRevertedConsumer, EnvManagerDbContext>();
        bus.AddDurableConsumer<StandbyReleasedConsumer, EnvManagerDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGroup("/api/v1").RequireOperator().MapGet("/environments", EnvironmentsEndpoint.ListAsync)
            .WithSummary("Environments, newest first").WithTags("environments");

    internal static void AddArtifacts(IServiceCollection services)
    {
        services.AddSingleton<ArtifactOrigins>();
        services.AddSingleton<IArtifactSource, FileArtifactSource>();
        services.AddSingleton<IArtifactSource, HttpArtifactSource>();
        services.AddSingleton<IArtifactSource, S3ArtifactSource>();
        services.AddSingleton<GcsTokens>();
        services.AddSingleton<IArtifactSource, GcsArtifactSource>();
        services.AddSingleton<IArtifactSource, MlflowArtifactSource>();
        services.AddSingleton<IArtifactSource, ModelVersionSource>();
        services.AddOptions<S3Options>().BindConfiguration(S3Options.Section);
        services.AddOptions<GcsOptions>().BindConfiguration(GcsOptions.Section);
        services.AddMlflow();
        services.AddSingleton<ArtifactDownload>();
        services.AddSingleton<ArtifactStore>();
        services.AddHttpClient(HttpArtifactSource.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    private static void AddDrivers(IServiceCollection services)
    {
        services.AddSingleton<ProcessLauncher>();
        services.AddSingleton<ProcessKeeper>();
        services.AddSingleton<ProcessStopper>();
        services.AddSingleton<IEnvironmentDriver, ProcessDriver>();
        services.AddSingleton<DriverCatalog>();
    }
}
