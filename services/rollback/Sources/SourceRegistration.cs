using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlueGreen.Rollback.Sources;

/// <summary>Registers every alerting system that is understood.</summary>
internal static class SourceRegistration
{
    private static readonly TimeSpan SnsTimeout = TimeSpan.FromSeconds(5);

    public static void AddAlarmSources(this IServiceCollection services)
    {
        services.AddSingleton<IAlarmSource, GenericAlarmSource>();
        services.AddSingleton<IAlarmSource, AlertmanagerSource>();
        services.AddSingleton<IAlarmSource, GrafanaSource>();
        services.AddSingleton<IAlarmSource, SnsSource>();
        services.AddSingleton<IAlarmSource, EventBridgeSource>();
        services.AddSingleton<IAlarmSource, DatadogSource>();
        services.AddSingleton<IAlarmSource, PagerDutySource>();
        services.AddSingleton<IAlarmSource, OpsgenieSource>();
        services.AddSingleton<IAlarmSource, NewRelicSource>();
        services.AddSingleton<IAlarmSource, AzureMonitorSource>();
        services.AddSingleton<IAlarmSource, GcpSource>();
        services.AddSingleton<AlarmSources>();
        services.AddSingleton<SnsSignature>();
        services.TryAddSingleton<ISnsCertificates, SnsCertificates>();
        services.TryAddSingleton<ISubscriptionConfirmations, SubscriptionConfirmations>();
        // No redirects: only the address that was checked is asked.
        services.AddHttpClient(SnsCertificates.ClientName, client => client.Timeout = SnsTimeout)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = SnsTimeout,
            });
    }
}
