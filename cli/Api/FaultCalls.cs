using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary>What a fault's order is about.</summary>
internal sealed record FaultFilter(Guid? Deployment, string? Endpoint, string? Service, string? State)
{
    public bool IsEmpty => Deployment is null && Endpoint is null && Service is null;

    public string Query => string.Join('&', new[]
    {
        Part("deployment", Deployment?.ToString()), Part("endpoint", Endpoint), Part("service", Service), Part("state", State),
    }.Where(part => part.Length > 0));

    private static string Part(string name, string? value) => value is null ? "" : $"{name}={Uri.EscapeDataString(value)}";
}

/// <summary><c>/api/v1/faults</c> and the replay of a deployment.</summary>
internal static class FaultCalls
{
    public static Task<JsonElement> FaultsAsync(this PlatformClient api, FaultFilter filter, int limit, CancellationToken ct) =>
        api.GetAsync($"api/v1/faults?limit={limit}&{filter.Query}", ct);

    public static Task<JsonElement> FaultAsync(this PlatformClient api, Guid id, CancellationToken ct) => api.GetAsync($"api/v1/faults/{id}", ct);

    public static Task<JsonElement> SettleFaultAsync(this PlatformClient api, Guid id, string verb, DecisionBody body, CancellationToken ct) =>
        api.PostAsync($"api/v1/faults/{id}/{verb}", JsonSerializer.Serialize(body, ApiJson.Default.DecisionBody), ct);

    public static Task<JsonElement> SettleFaultsAsync(this PlatformClient api, string verb, BulkBody body, CancellationToken ct) =>
        api.PostAsync($"api/v1/faults/{verb}", JsonSerializer.Serialize(body, ApiJson.Default.BulkBody), ct);

    public static Task<JsonElement> ReplayAsync(this PlatformClient api, Guid id, ReplayBody body, CancellationToken ct) =>
        api.PostAsync($"api/v1/deployments/{id}/replay", JsonSerializer.Serialize(body, ApiJson.Default.ReplayBody), ct);
}

internal sealed record BulkBody(
    string RequestedBy, string? Reason, Guid? Deployment, string? Endpoint, string? Service, bool All, bool DryRun);

internal sealed record ReplayBody(string? From, string RequestedBy, string? Reason);

internal sealed record FaultView
{
    public Guid Id { get; set; }
    public string State { get; set; } = "";
    public string Kind { get; set; } = "";
    public string Service { get; set; } = "";
    public string Queue { get; set; } = "";
    public string MessageType { get; set; } = "";
    public Guid? DeploymentId { get; set; }
    public string? Endpoint { get; set; }
    public string? Stage { get; set; }
    public int? Attempt { get; set; }
    public string Exception { get; set; } = "";
    public DateTimeOffset FaultedAt { get; set; }
    public string? SettledBy { get; set; }
    public string? SettledReason { get; set; }
}

internal sealed record FaultDetailsView
{
    public FaultView Fault { get; set; } = new();
    public string? ExceptionType { get; set; }
    public string? StackTrace { get; set; }
    public string? TraceId { get; set; }
    public JsonElement? Message { get; set; }
    public string BodyBase64 { get; set; } = "";
}

internal sealed record BulkView
{
    public bool DryRun { get; set; }
    public int Matched { get; set; }
    public IReadOnlyList<Guid> Settled { get; set; } = [];
    public IReadOnlyList<RefusedView> Refused { get; set; } = [];
}

internal sealed record RefusedView(Guid Id, string Reason);

internal sealed record ReplayView(Guid Id, string Stage, int Attempt, bool Already);
