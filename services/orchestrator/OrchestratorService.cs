using BlueGreen.Orchestrator.Alarms;
using BlueGreen.Orchestrator.Blobs;
using BlueGreen.Orchestrator.Blocks;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Hooks;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Rehearsing;
using MassTransit;

namespace BlueGreen.Orchestrator;

/// <summary>Owns the deployments: the saga, the endpoints' policies and slots, the history, and the operators' API.</summary>
public sealed class OrchestratorService : IPlatformService
{
    internal const string ServiceName = "orchestrator";

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddServiceStore<OrchestratorDbContext>(Name);
        builder.Services.AddSingleton<DeploymentEvents>();
        builder.Services.AddHostedService<SagaRehearsal>();
        builder.Services.AddSingleton<IRehearsalScene<OrchestratorDbContext>, DeploymentRehearsal>();
        builder.Services.AddSingleton<FaultDesk>();
        builder.Services.AddSingleton<IFaultSink<OrchestratorDbContext>, FaultLedger>();
        builder.Services.AddHostedService<FaultGauge>();
        builder.Services.AddHostedService<FaultRetention>();
        builder.Services.AddOptions<FaultOptions>().BindConfiguration(FaultOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddEndpointPolicies();
        builder.AddHooks();
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableSaga<DeploymentStateMachine, Deployment, OrchestratorDbContext>();
        bus.AddDurableConsumer<AlarmRaisedConsumer, OrchestratorDbContext>();
        bus.AddDurableConsumer<DeploymentAbortConsumer, OrchestratorDbContext>();
        bus.AddDurableConsumer<CapturesReadConsumer, OrchestratorDbContext>();
        bus.AddDurableConsumer<FaultRecorder, OrchestratorDbContext>();
        bus.AddDurableConsumer<CallHooksConsumer, OrchestratorDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").RequireOperator();
        api.MapDeployments();
        api.MapDecisions();
        api.MapHistory();
        api.MapAlarmList();
        api.MapBlocks();
        api.MapEndpointPolicies();
        api.MapBlobs();
        api.MapFaults();
    }
}
