using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Capture;

/// <summary>Keeps what a rolled-back environment answered for as long as the environment itself is kept.</summary>
internal sealed class CaptureQuarantineConsumer(RouterDbContext db, TimeProvider clock) : IConsumer<QuarantineEnvironment>
{
    public Task Consume(ConsumeContext<QuarantineEnvironment> context)
    {
        var (environment, until) = (context.Message.EnvironmentId, clock.GetUtcNow() + context.Message.Ttl);
        return db.Captures.Where(row => row.EnvironmentId == environment).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.ExpiresAt, until).SetProperty(row => row.Pinned, true), context.CancellationToken);
    }
}
