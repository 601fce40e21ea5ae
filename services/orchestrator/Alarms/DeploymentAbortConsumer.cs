using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Alarms;

/// <summary>
/// An alarm fired on an endpoint where nothing can be reverted. The deployment on its way there, if any, is taken back as on a person's word:
/// vetoed at the routers first, so that a switch that comes late changes nothing.
/// </summary>
internal sealed class DeploymentAbortConsumer(OrchestratorDbContext db) : IConsumer<DeploymentAbortRequested>
{
    public async Task Consume(ConsumeContext<DeploymentAbortRequested> context)
    {
        var request = context.Message;
        var holder = await db.Endpoints.AsNoTracking().Where(row => row.Name == request.Endpoint)
            .Join(db.Deployments.AsNoTracking(), row => row.HolderDeploymentId, row => row.CorrelationId, (_, deployment) => deployment)
            .SingleOrDefaultAsync(context.CancellationToken);
        if (holder is null || !IsMeant(holder, request)) return;
        db.History.Add(new HistoryRow
        {
            At = request.RaisedAt,
            Endpoint = request.Endpoint,
            DeploymentId = holder.CorrelationId,
            Kind = "aborted",
            State = holder.CurrentState,
            Summary = $"Given up before its switch: {request.Reason}",
            Actor = request.RequestedBy,
        });
        await context.Publish(new RollbackRequested
        {
            DeploymentId = holder.CorrelationId,
            Endpoint = request.Endpoint,
            Reason = request.Reason,
            RequestedBy = request.RequestedBy,
        });
    }

    /// <summary>On its way to the switch when the alarm was heard, whatever has become of it since.</summary>
    private static bool IsMeant(Deployment holder, DeploymentAbortRequested request) =>
        holder.EndedAt is null && holder.RevertedAt is null && holder.PromotedAt <= request.RaisedAt
        && (holder.SwitchedAt is null || holder.SwitchedAt > request.RaisedAt);
}
