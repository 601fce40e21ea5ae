using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary>The router's <c>/routes</c>.</summary>
internal static class RouteCalls
{
    public static Task<JsonElement> RoutesAsync(this PlatformClient api, CancellationToken ct) => api.GetAsync("routes", ct);

    public static Task<JsonElement> RouteAsync(this PlatformClient api, string endpoint, CancellationToken ct) => api.GetAsync(PathOf(endpoint), ct);

    /// <summary>The load balancer in front, as the router that answers saw it last.</summary>
    public static Task<JsonElement> DriverAsync(this PlatformClient api, string endpoint, CancellationToken ct) =>
        api.GetAsync($"{PathOf(endpoint)}/driver", ct);

    /// <summary>Writes the route to the load balancer in front, over what somebody else has changed there.</summary>
    public static Task<JsonElement> ApplyDriverAsync(this PlatformClient api, string endpoint, CancellationToken ct) =>
        api.PostAsync($"{PathOf(endpoint)}/driver/apply", "{}", ct);

    private static string PathOf(string endpoint) => $"routes/{Uri.EscapeDataString(endpoint)}";
}

internal sealed record RouteView
{
    public string Endpoint { get; set; } = "";
    public string Path { get; set; } = "";
    public string Epoch { get; set; } = "";
    public RouteTargetView? Live { get; set; }
    public RouteTargetView? Standby { get; set; }
    public string Replica { get; set; } = "";
    public RouteDriverView? Driver { get; set; }
}

internal sealed record RouteTargetView
{
    public string? Model { get; set; }
    public string? Version { get; set; }

    public override string ToString() => $"{Model} {Version}";
}

/// <summary>Of a route: how its load balancer stands. Of the load balancer itself: also what was wanted and found.</summary>
internal sealed record RouteDriverView
{
    public string Driver { get; set; } = "";
    public string Standing { get; set; } = "";
    public string? Problem { get; set; }
    public string? Wanted { get; set; }
    public string? Found { get; set; }
    public int? InFlight { get; set; }
}
