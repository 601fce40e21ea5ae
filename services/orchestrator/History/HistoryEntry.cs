using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Orchestrator.History;

/// <summary>A history row as the API shows it.</summary>
internal sealed record HistoryEntry(
    long Sequence,
    DateTimeOffset At,
    Guid? DeploymentId,
    string? Endpoint,
    string Kind,
    string? State,
    string Summary,
    string? Actor,
    JsonNode? Data)
{
    public static HistoryEntry From(HistoryRow row) => new(
        row.Sequence, row.At, row.DeploymentId, row.Endpoint, row.Kind, row.State, row.Summary, row.Actor,
        row.Data is null ? null : JsonSerializer.Deserialize<JsonNode>(row.Data));
}
