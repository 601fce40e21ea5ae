using BlueGreen.Router.Drivers.Dns;
using BlueGreen.Router.Drivers.HaProxy;
using BlueGreen.Router.Drivers.Http;
using BlueGreen.Router.Drivers.Nginx;

namespace BlueGreen.Router.Drivers;

/// <summary>The drivers that this router has, by the policy's word for them.</summary>
internal sealed class TrafficDrivers(IEnumerable<ITrafficDriver> drivers)
{
    private readonly Dictionary<string, ITrafficDriver> _byKind = drivers.ToDictionary(driver => driver.Kind, StringComparer.Ordinal);

    /// <returns>The driver, or why there is none that could be asked.</returns>
    public (ITrafficDriver? Driver, string? Problem) Find(DriverSettings settings)
    {
        if (!_byKind.TryGetValue(settings.Kind, out var driver)) return (null, $"This router has no driver of the kind '{settings.Kind}'.");
        var problems = driver.Check(settings);
        return problems.Count == 0 ? (driver, null) : (null, string.Join(' ', problems));
    }
}

/// <summary>Registration of drivers: one line per kind, in <c>AddTrafficDrivers</c>.</summary>
internal static class DriverServices
{
    public static IServiceCollection AddTrafficDrivers(this IServiceCollection services)
    {
        services.AddSingleton<TrafficDrivers>();
        services.AddHttpClient();
        services.AddTrafficDriver<HaProxyDriver>().AddTrafficDriver<NginxDriver>().AddTrafficDriver<HttpRouteDriver>().AddTrafficDriver<DnsDriver>();
        return services;
    }

    public static IServiceCollection AddTrafficDriver<T>(this IServiceCollection services) where T : class, ITrafficDriver =>
        services.AddSingleton<ITrafficDriver, T>();
}
