using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>Registers the HTTP client that speaks to the configured MLflow server.</summary>
public static class MlflowApi
{
    /// <summary>Name of the client; its base address is the server's, with a slash at its end.</summary>
    public const string ClientName = "mlflow";

    /// <summary>May be called by several services of one process.</summary>
    public static void AddMlflow(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Marker))) return;
        services.TryAddSingleton<Marker>();
        services.AddOptions<MlflowOptions>().BindConfiguration(MlflowOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient(ClientName, Configure)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            })
            .RemoveAllLoggers();
    }

    private static void Configure(IServiceProvider provider, HttpClient client)
    {
        var options = provider.GetRequiredService<IOptions<MlflowOptions>>().Value;
        // Downloads have no end that could be known here; whoever asks limits the time.
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        if (options.Url is { } url) client.BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + "/");
        if (options.Token is { Length: > 0 } token) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (options.User is { Length: > 0 } user)
        {
            var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"));
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", pair);
        }
    }

    private sealed class Marker;
}
