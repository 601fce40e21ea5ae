using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary><c>/api/v1/alarms</c>, <c>/api/v1/blocks</c> and clearing a block.</summary>
internal static class AlarmCalls
{
    public static Task<JsonElement> AlarmsAsync(this PlatformClient api, string? endpoint, bool unmatched, int limit, CancellationToken ct) =>
        api.GetAsync(
            $"api/v1/alarms?limit={limit}{Part("endpoint", endpoint)}{(unmatched ? "&unmatched=true" : "")}", ct);

    public static Task<JsonElement> BlocksAsync(this PlatformClient api, string? endpoint, CancellationToken ct) =>
        api.GetAsync($"api/v1/blocks?{Part("endpoint", endpoint).TrimStart('&')}", ct);

    public static Task<JsonElement> UnblockAsync(this PlatformClient api, string endpoint, UnblockBody body, CancellationToken ct) => api.PostAsync(
        $"api/v1/endpoints/{Uri.EscapeDataString(endpoint)}/unblock", JsonSerializer.Serialize(body, ApiJson.Default.UnblockBody), ct);

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}

internal sealed record UnblockBody(string Version, string? Model, string Reason, string RequestedBy);

internal sealed record AlarmView
{
    public DateTimeOffset At { get; set; }
    public string Source { get; set; } = "";
    public string Name { get; set; } = "";
    public string? Endpoint { get; set; }
    public Guid? DeploymentId { get; set; }
    public string Decision { get; set; } = "";
}

internal sealed record BlockView
{
    public string Endpoint { get; set; } = "";
    public string Model { get; set; } = "";
    public string Version { get; set; } = "";
    public string Reason { get; set; } = "";
    public DateTimeOffset BlockedAt { get; set; }
}
