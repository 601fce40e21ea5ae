using BlueGreen.Platform.Inference.Grpc;
using BlueGreen.Platform.Inference.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Inference;

/// <summary>Registers the inference protocols.</summary>
public static class InferenceServices
{
    internal const string HttpClient = "bluegreen-inference";

    /// <summary>Adds <see cref="IInferenceProtocols"/>; services that share a container may all call it.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IInferenceProtocols, InferenceProtocols>();
        services.TryAddSingleton<ReplicaHttp>();
        services.TryAddSingleton<ReplicaGrpc>();
        services.AddOptions<InferenceOptions>().BindConfiguration(InferenceOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(ClientMarker))) return services;
        services.AddSingleton<ClientMarker>();
        AddHttpClient(services);
        return services;
    }

    /// <summary>
    /// A bare client: no retries (they would hide errors and double latencies), no proxy, no redirects, no per-request logging, and not
    /// the platform's bearer token, which is none of a model server's business.
    /// </summary>
    private static void AddHttpClient(IServiceCollection services) => services
        .AddHttpClient(HttpClient, (provider, client) =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = provider.GetRequiredService<IOptions<InferenceOptions>>().Value.MaxReplyBytes;
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            UseCookies = false,
            UseProxy = false,
        })
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers();

    private sealed class ClientMarker;
}
