using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.RegistryListener.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Outcomes;

/// <summary>Every end state of a deployment that a registry started is told to that registry; deployments of operators are none of its business.</summary>
internal sealed class DeploymentEndConsumer(
    RegistryListenerDbContext db, IWorkQueue<RegistryListenerDbContext> work, TimeProvider clock)
    : IConsumer<DeploymentCommitted>, IConsumer<DeploymentRolledBack>, IConsumer<DeploymentFailed>, IConsumer<DeploymentRefused>,
        IConsumer<DeploymentCancelled>, IConsumer<DeploymentSuperseded>
{
    public Task Consume(ConsumeContext<DeploymentCommitted> context) => ReportAsync(context, "committed", null);
    public Task Consume(ConsumeContext<DeploymentRolledBack> context) => ReportAsync(context, "rolledback", context.Message.Reason);
    public Task Consume(ConsumeContext<DeploymentFailed> context) => ReportAsync(context, "failed", context.Message.Reason);
    public Task Consume(ConsumeContext<DeploymentRefused> context) => ReportAsync(context, "rejected", context.Message.Reason);
    public Task Consume(ConsumeContext<DeploymentCancelled> context) => ReportAsync(context, "cancelled", context.Message.Reason);

    public Task Consume(ConsumeContext<DeploymentSuperseded> context) =>
        ReportAsync(context, "superseded", $"deployment {context.Message.SupersededBy} goes first");

    private async Task ReportAsync<T>(ConsumeContext<T> context, string status, string? reason) where T : class, IDeploymentMessage
    {
        var id = context.Message.DeploymentId;
        var delivery = await db.Deliveries.AsNoTracking().FirstOrDefaultAsync(row => row.DeploymentId == id, context.CancellationToken);
        if (delivery is not { Endpoint: { } endpoint, Model: { } model, Version: { } version }) return;
        await work.RequestAsync(new ReportOutcome
        {
            DeploymentId = id,
            Source = delivery.Source,
            Endpoint = endpoint,
            Model = model,
            Version = version,
            Status = status,
            Reason = reason,
            EndedAt = clock.GetUtcNow(),
        }, $"{id:N}.{status}", 1, context.CancellationToken);
    }
}
