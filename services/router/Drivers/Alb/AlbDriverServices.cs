namespace BlueGreen.Router.Drivers.Alb;

/// <summary>The driver of AWS Application Load Balancers.</summary>
internal static class AlbDriverServices
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The API's addresses change: connections are not kept for long.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static IServiceCollection AddAlbDriver(this IServiceCollection services) => services
        .AddSingleton(provider => new AlbApi(
            new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime }) { Timeout = Timeout },
            provider.GetRequiredService<TimeProvider>()))
        .AddTrafficDriver<AlbDriver>();
}
