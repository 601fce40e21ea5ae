using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using MassTransit;

namespace BlueGreen.Orchestrator.History;

/// <summary>Who read captured live requests, and what for, is on the record.</summary>
internal sealed class CapturesReadConsumer(OrchestratorDbContext db) : IConsumer<CapturesRead>
{
    public Task Consume(ConsumeContext<CapturesRead> context)
    {
        var read = context.Message;
        db.History.Add(new HistoryRow
        {
            At = read.At,
            Endpoint = read.Endpoint,
            Kind = "captures-read",
            Summary = $"{read.Count} captured requests were read: {read.Purpose}",
            Actor = read.ReadBy,
            Data = JsonSerializer.Serialize(read, JsonColumns.Options),
        });
        return Task.CompletedTask;
    }
}
