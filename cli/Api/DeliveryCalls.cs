using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary><c>/api/v1/deliveries</c>.</summary>
internal static class DeliveryCalls
{
    public static Task<JsonElement> DeliveriesAsync(
        this PlatformClient api, string? source, string? endpoint, string? model, string? outcome, int limit, CancellationToken ct)
    {
        var filter = new (string Name, string? Value)[] { ("source", source), ("endpoint", endpoint), ("model", model), ("outcome", outcome) };
        var query = string.Concat(filter.Where(part => part.Value is not null).Select(part => $"&{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return api.GetAsync($"api/v1/deliveries?limit={limit}{query}", ct);
    }
}

internal sealed record DeliveryView
{
    public string Source { get; set; } = "";
    public string Id { get; set; } = "";
    public DateTimeOffset ReceivedAt { get; set; }
    public string? Model { get; set; }
    public string? Version { get; set; }
    public string? Endpoint { get; set; }
    public string Outcome { get; set; } = "";
    public Guid? DeploymentId { get; set; }
    public string? Reason { get; set; }
}
