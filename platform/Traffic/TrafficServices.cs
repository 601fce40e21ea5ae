using BlueGreen.Platform.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Platform.Traffic;

/// <summary>Registers what tells of production's traffic, and what keeps it from some replicas.</summary>
public static class TrafficServices
{
    /// <summary>Adds <see cref="IObservedTraffic"/>, <see cref="ICapturedTraffic"/> and <see cref="PayloadSource"/>; services that share a container may all call it.</summary>
    public static IServiceCollection AddObservedTraffic(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IObservedTraffic))) return services;
        services.AddPlatformHttpClient(RouterTraffic.HttpClient);
        services.AddSingleton<IObservedTraffic, RouterTraffic>();
        services.AddSingleton<ICapturedTraffic, RouterCaptures>();
        services.AddSingleton<PayloadSource>();
        return services;
    }

    /// <summary>Adds <see cref="IColdReplicas"/>; services that share a container may all call it.</summary>
    public static IServiceCollection AddColdReplicas(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IColdReplicas))) return services;
        services.AddPlatformHttpClient(RouterColdReplicas.HttpClient);
        return services.AddSingleton<IColdReplicas, RouterColdReplicas>();
    }
}
