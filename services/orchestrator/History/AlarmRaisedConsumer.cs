using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using MassTransit;

namespace BlueGreen.Orchestrator.History;

/// <summary>Keeps every decision about an alarm, also the decision not to act.</summary>
internal sealed class AlarmRaisedConsumer(OrchestratorDbContext db) : IConsumer<AlarmRaised>
{
    public const string Kind = "alarm";

    public Task Consume(ConsumeContext<AlarmRaised> context)
    {
        var alarm = context.Message;
        db.History.Add(new HistoryRow
        {
            At = alarm.ReceivedAt,
            Endpoint = alarm.Endpoint,
            DeploymentId = alarm.DeploymentId,
            Kind = Kind,
            Summary = $"{alarm.Name}: {alarm.Decision}",
            Actor = alarm.Source,
            Data = JsonSerializer.Serialize(alarm, JsonColumns.Options),
        });
        return Task.CompletedTask;
    }
}
