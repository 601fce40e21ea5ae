using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using MassTransit;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>Lists a fault, writes it into the history of its deployment, and tells the saga where a stage depends on it.</summary>
internal sealed class FaultRecorder(OrchestratorDbContext db) : IConsumer<MessageFaulted>
{
    public async Task Consume(ConsumeContext<MessageFaulted> context)
    {
        var fault = context.Message;
        if (await db.Faults.FindAsync([fault.FaultId], context.CancellationToken) is not null) return;
        var endpoint = fault.Endpoint ?? (fault.DeploymentId is { } id
            ? (await db.Deployments.FindAsync([id], context.CancellationToken))?.Endpoint
            : null);
        var stage = FaultedStages.Of(fault.MessageType, fault.Service);
        var row = Row(fault, endpoint, stage);
        db.Faults.Add(row);
        var summary = $"{row.Service} gave up {(row.MessageType.Length > 0 ? row.MessageType : "an unreadable message")}: {row.ExceptionMessage}";
        db.History.Add(new HistoryRow
        {
            At = fault.FaultedAt,
            Endpoint = endpoint,
            DeploymentId = fault.DeploymentId,
            Kind = "fault",
            Summary = summary,
            Actor = fault.Service,
            Data = $$"""{"faultId":"{{fault.FaultId}}"}""",
        });
        if (fault.IsAnswered || fault.DeploymentId is not { } deployment || fault.Attempt is not { } attempt || stage is null) return;
        await context.Publish(new StageFaulted
        {
            DeploymentId = deployment,
            Attempt = attempt,
            Stage = stage,
            FaultId = fault.FaultId,
            Reason = summary,
        });
    }

    private static FaultRow Row(MessageFaulted fault, string? endpoint, string? stage) => new()
    {
        Id = fault.FaultId,
        State = FaultState.Open,
        Kind = fault.Kind,
        Service = fault.Service,
        Queue = fault.Queue,
        MessageId = fault.MessageId,
        MessageType = fault.MessageType,
        ContentType = fault.ContentType,
        Body = Convert.FromBase64String(fault.Body),
        Headers = fault.Headers,
        DeploymentId = fault.DeploymentId,
        Endpoint = endpoint,
        Stage = stage,
        Attempt = fault.Attempt,
        ExceptionType = fault.ExceptionType,
        ExceptionMessage = fault.ExceptionMessage,
        StackTrace = fault.StackTrace,
        TraceId = fault.TraceId,
        FaultedAt = fault.FaultedAt,
    };
}
