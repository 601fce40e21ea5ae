using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;
using BlueGreen.Rollback.Sources;
using MassTransit;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback;

/// <summary>Hears alarms (<c>POST /alarms/{source}</c>) and requests, and takes deployments out of traffic at the routers.</summary>
public sealed class RollbackService : IPlatformService
{
    internal const string ServiceName = "rollback";
    private const int AlarmsWaiting = 64;
    private const int DeliveriesAtOnce = 4;
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(15);

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        // Traffic is taken back first; what is stored about it can wait for the database.
        builder.AddServiceStore<RollbackDbContext>(ServiceName, startsWithoutDatabase: true);
        builder.Services.AddOptions<RollbackOptions>()
            .BindConfiguration(RollbackOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RollbackOptions>, RollbackOptions.Validator>();
        builder.Services.AddAlarmSources();
        AddAlarms(builder.Services);
        AddReverts(builder.Services);
        AddNotifying(builder.Services);
        builder.AddWork<RollbackDbContext, RevertTraffic, RevertTrafficHandler>();
        builder.AddWork<RollbackDbContext, ActOnAlarm, ActOnAlarmHandler>(AlarmsWaiting);
        builder.AddWork<RollbackDbContext, Notification, NotificationHandler>();
        builder.AddWork<RollbackDbContext, NotificationDelivery, NotificationDeliveryHandler>(DeliveriesAtOnce);
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<EndpointConfiguredConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<RollbackRequestedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<BakingFailedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<TrafficRevertedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<RevertRefusedConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<AttentionRequiredConsumer, RollbackDbContext>();
        bus.AddDurableConsumer<DeploymentRolledBackConsumer, RollbackDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapAlarms();

    private static void AddAlarms(IServiceCollection services)
    {
        services.AddSingleton<AlarmRuleFile>();
        services.AddSingleton<AlarmRules>();
        services.AddHostedService<AlarmRuleSync>();
        services.AddSingleton<ActedAlarms>();
        services.AddSingleton<FiringAlarms>();
        services.AddSingleton<RuleJudge>();
        services.AddSingleton<AlarmDecisions>();
        services.AddSingleton<AlarmStore>();
        services.AddSingleton<AlarmIntake>();
        services.AddSingleton<AlarmBodies>();
        services.AddSingleton<AlarmReceiver>();
        services.AddSingleton<AlarmRehearsal>();
        services.AddSingleton<AlarmMemory>();
        services.AddHostedService(provider => provider.GetRequiredService<AlarmMemory>());
    }

    private static void AddNotifying(IServiceCollection services)
    {
        services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<INotifier, LogNotifier>();
        services.AddSingleton<INotifyChannel, WebhookChannel>();
        services.AddSingleton<INotifyChannel, SlackChannel>();
        services.AddSingleton<INotifyChannel, MailChannel>();
        services.AddScoped<Notices>();
        // A redirect would take the message, and its signature, to where nobody configured it.
        services.AddHttpClient(WebhookChannel.ClientName, client => client.Timeout = DeliveryTimeout)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = DeliveryTimeout });
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
