namespace BlueGreen.Router.Drivers;

/// <summary>Says what changed between two looks at a load balancer: in the log, and to people where somebody has to look.</summary>
internal sealed class DriverNews(DriverAlarms alarms, ILogger<DriverNews> log)
{
    /// <param name="before">The look before.</param>
    /// <param name="now">The look that was just made.</param>
    /// <param name="isAsked">An operator asked for it to be written.</param>
    public async Task TellAsync(DriverStatus? before, DriverStatus? now, bool isAsked = false)
    {
        if (now is null) return;
        var (endpoint, name) = (now.Route.Endpoint, now.Route.Settings.Name);
        if (now.Overwrote is { } found)
        {
            Log.DriverOverwrote(log, endpoint, name, found);
            await alarms.OverwrittenAsync(now, isAsked, $"{name} had been changed by somebody else, and was written over: {found}");
        }

        if (!now.IsLeftToOthers && (now.Standing != before?.Standing || now.Found != before.Found || now.Problem != before.Problem)) Write(before, now);
        if (now.Standing == DriverStanding.InSync) await alarms.WellAsync(now);
        if (now.Standing == DriverStanding.Drifted)
        {
            await alarms.DriftedAsync(
                now, $"{name} was changed by somebody else, and stays so until the route is applied again. Wanted: {now.Wanted}. Found: {now.Found}");
        }
    }

    private void Write(DriverStatus? before, DriverStatus now)
    {
        var (endpoint, name) = (now.Route.Endpoint, now.Route.Settings.Name);
        switch (now.Standing)
        {
            case DriverStanding.InSync:
                if (before?.Standing != DriverStanding.InSync || before.Wanted != now.Wanted) Log.DriverInSync(log, endpoint, name, now.Route.Epoch);
                break;
            case DriverStanding.Drifted:
                Log.DriverDrifted(log, endpoint, name, now.Wanted, now.Found);
                break;
            case DriverStanding.Ahead or DriverStanding.Converging:
                break;
            default:
                Log.DriverBehind(log, endpoint, name, now.Problem ?? "");
                break;
        }
    }
}
