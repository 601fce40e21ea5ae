using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Prewarmer.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Prewarmer.Rewarming;

/// <summary>A replica that was started again is cold again. A later restart takes the place of an earlier one.</summary>
internal sealed class ReplicaRestartedConsumer(PrewarmerDbContext db, IWorkQueue<PrewarmerDbContext> work) : IConsumer<ReplicaRestarted>
{
    public async Task Consume(ConsumeContext<ReplicaRestarted> context)
    {
        var restarted = context.Message;
        // An environment of a time before restarts were told of: nobody knows how it is warmed.
        if (await db.KnownWarmups.FindAsync([restarted.EnvironmentId], context.CancellationToken) is not { } known) return;
        await work.RequestAsync(
            new RewarmReplica(JsonSerializer.Deserialize<WarmEnvironment>(known.Command)!, restarted.Index),
            $"{restarted.EnvironmentId}/{restarted.Index}", restarted.Restarts, context.CancellationToken);
    }
}

/// <summary>What is torn down is not started again.</summary>
internal sealed class EnvironmentDecommissionedConsumer(PrewarmerDbContext db) : IConsumer<EnvironmentDecommissioned>
{
    public Task Consume(ConsumeContext<EnvironmentDecommissioned> context) =>
        db.KnownWarmups.Where(row => row.EnvironmentId == context.Message.EnvironmentId).ExecuteDeleteAsync(context.CancellationToken);
}
