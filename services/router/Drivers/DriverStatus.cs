namespace BlueGreen.Router.Drivers;

/// <summary>What one look at a driver's target came to, as this replica saw it.</summary>
internal sealed record DriverStatus
{
    public required DriverRoute Route { get; init; }
    public required DriverStanding Standing { get; init; }

    /// <summary>Why it is not in step, for operators; null: it is.</summary>
    public string? Problem { get; init; }
    public string Wanted { get; init; } = "";
    public string Found { get; init; } = "";

    /// <summary>Since when it has shown what is wanted, by the database's clock; null: it does not.</summary>
    public DateTimeOffset? InSyncSince { get; init; }

    /// <summary>When the target was asked what it has, by the database's clock.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>It is to be written, and another replica's turn to do so.</summary>
    public bool IsLeftToOthers { get; init; }

    /// <summary>See <see cref="DriverReading.StaleFor"/>.</summary>
    public TimeSpan StaleFor { get; init; }

    /// <summary>What somebody else had changed and a way back, or an operator, has written over just now; null: nothing.</summary>
    public string? Overwrote { get; init; }

    /// <summary>Still under way at what is not live; null: not told.</summary>
    public int? InFlight { get; init; }

    /// <summary>Whether the target follows a route at this version with this deployment live, or one that is newer still.</summary>
    public bool Follows(long version, Guid live) => IsOf(version, live) && Standing is DriverStanding.InSync or DriverStanding.Ahead;

    /// <summary>Whether the look was at that route, or at a newer one. A revert changes what is live before the version.</summary>
    public bool IsOf(long version, Guid live) => Route.Version > version || (Route.Version == version && Route.Live.DeploymentId == live);
}
