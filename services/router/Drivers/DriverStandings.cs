namespace BlueGreen.Router.Drivers;

/// <summary>How a target's state stands to a route.</summary>
internal enum DriverStanding
{
    /// <summary>It is what the route asks for.</summary>
    InSync,

    /// <summary>It is what the route asks for, and the target has yet to act on it: to be waited for.</summary>
    Converging,

    /// <summary>It is what an older route asked for, or half of what this one does, or nobody has ever written here: to be applied.</summary>
    Behind,

    /// <summary>Another replica has written what is newer than this one's route: to be left alone.</summary>
    Ahead,

    /// <summary>Somebody else has changed it: to be raised, and not written over.</summary>
    Drifted,

    /// <summary>
    /// Somebody else has changed it, but the deployment that was live there is vetoed since: a way back is not held up by that. To be applied,
    /// and to be raised.
    /// </summary>
    Overruled,

    /// <summary>It could not be read.</summary>
    Unknown,
}

/// <summary>Compares routes with readings: the one rule for all drivers.</summary>
internal static class DriverStandings
{
    /// <param name="route">As this replica has it.</param>
    /// <param name="wanted">What the driver says that it asks for.</param>
    /// <param name="reading">What stands there.</param>
    /// <param name="wasMarked">A mark has stood there before (<see cref="DriverPlaces"/>): that there is none now is a change.</param>
    public static DriverStanding Of(DriverRoute route, string wanted, DriverReading reading, bool wasMarked)
    {
        if (reading.Failure is not null) return DriverStanding.Unknown;
        if (reading.Mark is not { } mark) return wasMarked && reading.State != wanted ? DriverStanding.Drifted : DriverStanding.Behind;
        if (reading.IsHalfDone) return mark.IsNewerThan(route) ? DriverStanding.Ahead : DriverStanding.Behind;
        if (reading.State == wanted && !mark.Fits(wanted)) return mark.IsNewerThan(route) ? DriverStanding.Drifted : DriverStanding.Behind;
        if (reading.State == wanted) return reading.Pending is null ? DriverStanding.InSync : DriverStanding.Converging;
        if (!mark.Fits(reading.State)) return route.Vetoed.Contains(mark.DeploymentId) ? DriverStanding.Overruled : DriverStanding.Drifted;
        return mark.IsNewerThan(route) ? DriverStanding.Ahead : DriverStanding.Behind;
    }
}

/// <summary>A change that somebody else made in the target.</summary>
/// <param name="Endpoint">Whose route it concerns.</param>
/// <param name="Driver">E.g. <c>haproxy/edge</c>.</param>
/// <param name="Wanted">What should stand there.</param>
/// <param name="Found">What does.</param>
/// <param name="Since">When it was seen first.</param>
internal sealed record DriverDrift(string Endpoint, string Driver, string Wanted, string Found, DateTimeOffset Since);
