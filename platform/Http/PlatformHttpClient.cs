using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>HTTP clients from one service to another.</summary>
public static class PlatformHttpClient
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A named client (from <see cref="IHttpClientFactory"/>) for addresses of the platform itself, and for nothing else: it presents the
    /// operator's token. Connections are kept alive between requests and renewed every ten minutes so that address changes are seen;
    /// redirects are not followed, because the token would travel with them.
    /// </summary>
    public static IHttpClientBuilder AddPlatformHttpClient(this IServiceCollection services, string name) =>
        services.AddHttpClient(name, (provider, client) =>
            {
                var token = provider.GetRequiredService<IOptions<ApiOptions>>().Value.Token;
                client.Timeout = RequestTimeout;
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectTimeout = ConnectTimeout,
                PooledConnectionIdleTimeout = IdleTimeout,
                PooledConnectionLifetime = ConnectionLifetime,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // A line per request of every poll drowns the log; spans and metrics tell of these calls.
            .RemoveAllLoggers();
}
