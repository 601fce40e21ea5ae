using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Alarms.Alertmanager;
using BlueGreen.Rollback.Alarms.Generic;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;
using MassTransit;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback;

/// <summary>Hears alarms (<c>POST /alarms/{source}</c>) and requests, and takes deployments out of traffic at the routers.</summary>
public sealed class RollbackService : IPlatformService
{
    internal const string ServiceName = "rollback";
    private const int AlarmsWaiting = 64;

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddServiceStore<RollbackDbContext>(ServiceName);
        builder.Services.AddOptions<RollbackOptions>()
            .BindConfiguration(RollbackOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RollbackOptions>, RollbackOptions.Validator>();
        AddAlarms(builder.Services);
        AddReverts(builder.Services);
        builder.Services.AddSingleton<INotifier, LogNotifier>();
        builder.AddWork<RollbackDbContext, RevertTraffic, RevertTrafficHandler>();
        builder.AddWork<RollbackDbContext, ActOnAlarm, ActOnAlarmHandler>(AlarmsWaiting);
        builder.AddWork<RollbackDbContext, Notification, NotificationHandler>();
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<EndpointConfiguredConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<RollbackRequestedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<BakingFailedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<TrafficRevertedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<RevertRefusedConsumer, RollbackDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapAlarms();

    private static void AddAlarms(IServiceCollection services)
    {
        services.AddSingleton<IAlarmSource, GenericAlarmSource>();
        services.AddSingleton<IAlarmSource, AlertmanagerSource>();
        services.AddSingleton<AlarmRuleFile>();
        services.AddSingleton<AlarmRules>();
        services.AddHostedService<AlarmRuleSync>();
        services.AddSingleton<ActedAlarms>();
        services.AddSingleton<FiringSeries>();
        services.AddSingleton<AlarmDecisions>();
        services.AddSingleton<AlarmStore>();
        services.AddSingleton<AlarmIntake>();
        services.AddSingleton<AlarmRehearsal>();
        services.AddHostedService<AlarmMemory>();
    }

    private static void AddReverts(IServiceCollection services)
    {
        services.AddPlatformHttpClient(HttpRouterReverts.ClientName);
        services.AddSingleton<IRouterReverts, HttpRouterReverts>();
        services.AddSingleton<LiveReverts>();
        services.AddScoped<RevertRequests>();
        services.AddSingleton<RevertDelays>();
        services.AddHostedService<RouterWarmth>();
    }
}
