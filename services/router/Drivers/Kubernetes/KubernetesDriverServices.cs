using BlueGreen.Router.Drivers.Kubernetes.Api;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>The drivers of Kubernetes objects.</summary>
internal static class KubernetesDriverServices
{
    public static IServiceCollection AddKubernetesDrivers(this IServiceCollection services) => services
        .AddSingleton<KubernetesClients>()
        .AddTrafficDriver<ServiceDriver>()
        .AddTrafficDriver<GatewayRouteDriver>()
        .AddTrafficDriver<IstioDriver>();
}
