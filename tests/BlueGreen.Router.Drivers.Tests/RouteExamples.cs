using BlueGreen.Contracts;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Routes of an endpoint called <c>fraud</c>, as drivers get them.</summary>
internal static class RouteExamples
{
    public static RouteTarget Target(string version, params string[] addresses) => new()
    {
        EnvironmentId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        Model = "fraud",
        Version = version,
        Protocol = "open-inference-v2",
        Replicas = [.. addresses.Select((address, index) => new Replica { Index = index, Address = new Uri($"http://{address}/") })],
    };

    public static DriverRoute Route(DriverSettings settings, RouteTarget live, RouteTarget? standby = null, long version = 1) => new()
    {
        Endpoint = "fraud",
        Path = "/fraud",
        Version = version,
        Epoch = version,
        IsReverted = false,
        Live = live,
        Standby = standby,
        Settings = settings,
    };
}
