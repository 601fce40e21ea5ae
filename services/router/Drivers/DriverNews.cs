using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;

namespace BlueGreen.Router.Drivers;

/// <summary>Says what changed between two looks at a load balancer: in the log, and to people where somebody has to look.</summary>
internal sealed class DriverNews(IServiceStore<RouterDbContext> store, TimeProvider clock, ILogger<DriverNews> log)
{
    public async Task TellAsync(DriverStatus? before, DriverStatus? now)
    {
        if (now is null) return;
        var (endpoint, name) = (now.Route.Endpoint, now.Route.Settings.Name);
        if (now.Overwrote is { } found)
        {
            Log.DriverOverwrote(log, endpoint, name, found);
            await RaiseAsync(now, $"{name} had been changed by somebody else, and was written over: {found}");
        }

        if (now.Standing == before?.Standing && now.Found == before.Found && now.Problem == before.Problem) return;
        switch (now.Standing)
        {
            case DriverStanding.InSync:
                if (before?.Standing != DriverStanding.InSync || before.Wanted != now.Wanted) Log.DriverInSync(log, endpoint, name, now.Route.Epoch);
                break;
            case DriverStanding.Drifted:
                Log.DriverDrifted(log, endpoint, name, now.Wanted, now.Found);
                await RaiseAsync(now, $"{name} was changed by somebody else, and stays so until the route is applied again. Wanted: {now.Wanted}. Found: {now.Found}");
                break;
            case DriverStanding.Ahead or DriverStanding.Converging:
                break;
            default:
                Log.DriverBehind(log, endpoint, name, now.Problem ?? "");
                break;
        }
    }

    /// <summary>Without the database the log and the gauge must do.</summary>
    private async Task RaiseAsync(DriverStatus status, string reason)
    {
        var message = new AttentionRequired
        {
            Endpoint = status.Route.Endpoint,
            DeploymentId = status.Route.Live.DeploymentId,
            Reason = reason,
            At = clock.GetUtcNow(),
        };
        try
        {
            await store.WriteAsync(async (work, token) =>
            {
                await work.PublishAsync(message, token);
                return true;
            }, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.DriverNewsNotTold(log, status.Route.Endpoint, exception);
        }
    }
}
