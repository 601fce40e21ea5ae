using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>A fault in a list.</summary>
internal record FaultSummary
{
    public required Guid Id { get; init; }
    public required string State { get; init; }
    public required string Kind { get; init; }
    public required string Service { get; init; }
    public required string Queue { get; init; }
    public required string MessageType { get; init; }
    public Guid? DeploymentId { get; init; }
    public string? Endpoint { get; init; }
    public string? Stage { get; init; }
    public int? Attempt { get; init; }
    public required string Exception { get; init; }
    public required DateTimeOffset FaultedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public string? SettledBy { get; init; }
    public string? SettledReason { get; init; }

    public static FaultSummary From(FaultRow row) => new()
    {
        Id = row.Id,
        State = row.State.ToString(),
        Kind = row.Kind.ToString(),
        Service = row.Service,
        Queue = row.Queue,
        MessageType = row.MessageType,
        DeploymentId = row.DeploymentId,
        Endpoint = row.Endpoint,
        Stage = row.Stage,
        Attempt = row.Attempt,
        Exception = row.ExceptionMessage,
        FaultedAt = row.FaultedAt,
        SettledAt = row.SettledAt,
        SettledBy = row.SettledBy,
        SettledReason = row.SettledReason,
    };
}

/// <summary>A fault with everything that is known of it.</summary>
/// <param name="Fault">The same as in the list.</param>
/// <param name="MessageId">The message's id, where it had one.</param>
/// <param name="ContentType">As the sender said.</param>
/// <param name="Headers">The transport's headers.</param>
/// <param name="Message">The message as JSON, where it is JSON.</param>
/// <param name="BodyBase64">The bytes as they came.</param>
/// <param name="ExceptionType">Type of the exception.</param>
/// <param name="StackTrace">The exception with its causes.</param>
/// <param name="TraceId">The trace it belongs to.</param>
internal sealed record FaultDetails(
    FaultSummary Fault,
    Guid? MessageId,
    string ContentType,
    IReadOnlyDictionary<string, string> Headers,
    JsonNode? Message,
    string BodyBase64,
    string ExceptionType,
    string? StackTrace,
    string? TraceId)
{
    public static FaultDetails From(FaultRow row) => new(
        FaultSummary.From(row), row.MessageId, row.ContentType, row.Headers, Json(row.Body), Convert.ToBase64String(row.Body),
        row.ExceptionType, row.StackTrace, row.TraceId);

    private static JsonNode? Json(byte[] body)
    {
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Body of <c>POST /api/v1/faults/{id}/replay·discard</c>.</summary>
internal sealed record SettleRequest(string? RequestedBy, string? Reason);

/// <summary>Body of <c>POST /api/v1/faults/replay·discard</c>: at least one filter, or <paramref name="All"/>.</summary>
internal sealed record BulkRequest(
    string? RequestedBy, string? Reason, Guid? Deployment, string? Endpoint, string? Service, string? MessageType, bool All, bool DryRun);

/// <summary>Body of <c>POST /api/v1/deployments/{id}/replay</c>.</summary>
internal sealed record ReplayRequest(string? From, string? RequestedBy, string? Reason);

/// <summary>What became of many faults.</summary>
internal sealed record BulkSettled(bool DryRun, int Matched, IReadOnlyList<Guid> Settled, IReadOnlyList<FaultRefused> Refused);

internal sealed record FaultRefused(Guid Id, string Reason);

/// <summary>What became of one fault.</summary>
internal sealed record FaultSettled(Guid Id, int Status, string? Problem, FaultAnswer? Answer)
{
    public static FaultSettled As(FaultRow row, bool already) =>
        new(row.Id, StatusCodes.Status200OK, null, new FaultAnswer(FaultSummary.From(row), already));
}

/// <param name="Fault">The fault as it is now.</param>
/// <param name="Already">True when it had been settled so before.</param>
internal sealed record FaultAnswer(FaultSummary Fault, bool Already);
