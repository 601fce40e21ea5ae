using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Prewarmer.Persistence;
using MassTransit;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>Turns the command into a work item, for warming outlasts any delivery, and remembers it for replicas that are started again.</summary>
internal sealed class WarmEnvironmentConsumer(PrewarmerDbContext db, IWorkQueue<PrewarmerDbContext> work) : IConsumer<WarmEnvironment>
{
    public async Task Consume(ConsumeContext<WarmEnvironment> context)
    {
        var (command, token) = (context.Message, context.CancellationToken);
        var text = JsonSerializer.Serialize(command);
        if (await db.KnownWarmups.FindAsync([command.Fleet.EnvironmentId], token) is { } known) known.Command = text;
        else db.KnownWarmups.Add(new() { EnvironmentId = command.Fleet.EnvironmentId, Command = text });
        await work.RequestAsync(command, token);
    }
}
