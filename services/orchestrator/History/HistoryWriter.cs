using System.Text.Json;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.History;

/// <summary>Writes what a saga step did, in the step's own transaction.</summary>
internal static class HistoryWriter
{
    public static void Record(
        this BehaviorContext<Deployment> context,
        string kind,
        string summary,
        string? actor = null,
        string? state = null,
        object? data = null) =>
        context.Db<OrchestratorDbContext>().History.Add(new HistoryRow
        {
            At = context.Now(),
            Endpoint = context.Saga.Endpoint,
            DeploymentId = context.Saga.CorrelationId,
            Kind = kind,
            State = state ?? context.Saga.CurrentState,
            Summary = summary,
            Actor = actor,
            Data = data is null ? null : JsonSerializer.Serialize(data, JsonColumns.Options),
        });
}
