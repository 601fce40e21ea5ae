using BlueGreen.Contracts;
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
        var summary = FaultLedger.Add(db, fault, endpoint, stage);
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
}
