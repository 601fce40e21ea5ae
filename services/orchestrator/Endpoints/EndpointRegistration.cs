using BlueGreen.Orchestrator.Blobs;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>Registers endpoints, policies and blobs.</summary>
internal static class EndpointRegistration
{
    public static void AddEndpointPolicies(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PolicyOptions>().BindConfiguration(PolicyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BlobOptions>().BindConfiguration(BlobOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EndpointStore>();
        services.AddSingleton<BlobStore>();
        services.AddHostedService<PolicyDirectoryLoader>();
        services.AddHostedService<EndpointAnnouncer>();
    }
}
