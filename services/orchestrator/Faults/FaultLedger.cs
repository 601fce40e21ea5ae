using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Faults;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>Writes faults down: on the list and in the history.</summary>
internal sealed class FaultLedger : IFaultSink<OrchestratorDbContext>
{
    /// <inheritdoc/>
    public async Task KeepAsync(OrchestratorDbContext db, MessageFaulted fault, CancellationToken cancellationToken)
    {
        if (await db.Faults.FindAsync([fault.FaultId], cancellationToken) is null) Add(db, fault, fault.Endpoint, stage: null);
    }

    /// <returns>The fault in a sentence.</returns>
    public static string Add(OrchestratorDbContext db, MessageFaulted fault, string? endpoint, string? stage)
    {
        var row = Row(fault, endpoint, stage);
        db.Faults.Add(row);
        var summary = $"{row.Service} gave up {(row.MessageType.Length > 0 ? row.MessageType : "an unreadable message")}: {row.ExceptionMessage}";
        db.History.Add(new HistoryRow
        {
            At = row.FaultedAt,
            Endpoint = row.Endpoint,
            DeploymentId = row.DeploymentId,
            Kind = "fault",
            Summary = summary,
            Actor = row.Service,
            Data = $$"""{"faultId":"{{row.Id}}"}""",
        });
        return summary;
    }

    private static FaultRow Row(MessageFaulted fault, string? endpoint, string? stage) => new()
    {
        Id = fault.FaultId,
        State = FaultState.Open,
        Kind = fault.Kind,
        Service = Text(fault.Service),
        Queue = Text(fault.Queue),
        MessageId = fault.MessageId,
        MessageType = Text(fault.MessageType),
        ContentType = Text(fault.ContentType),
        Body = Convert.FromBase64String(fault.Body),
        Headers = fault.Headers,
        DeploymentId = fault.DeploymentId,
        Endpoint = endpoint is null ? null : Text(endpoint),
        Stage = stage,
        Attempt = fault.Attempt,
        ExceptionType = Text(fault.ExceptionType),
        ExceptionMessage = Text(fault.ExceptionMessage),
        StackTrace = fault.StackTrace is null ? null : Text(fault.StackTrace),
        TraceId = fault.TraceId,
        FaultedAt = fault.FaultedAt,
    };

    /// <summary>PostgreSQL's text has no NUL.</summary>
    private static string Text(string text) => text.Replace('\0', '\uFFFD');
}
