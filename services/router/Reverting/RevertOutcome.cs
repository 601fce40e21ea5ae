using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Reverting;

/// <summary>Why a revert was not made.</summary>
internal enum RevertRefusal
{
    UnknownEndpoint,
    NoStandby,
    NoReadyStandby,
    Committed,
    Releasing,

    /// <summary>The replica is stopping, or was cut off for so long that a standby may have been released without it.</summary>
    NotInStanding,
}

/// <summary>What a call to revert came to.</summary>
internal sealed record RevertOutcome
{
    public RevertRefusal? Refusal { get; private init; }
    public RouteEntry? Entry { get; private init; }

    /// <summary>This call moved the traffic.</summary>
    public bool Moved { get; private init; }
    public bool AlreadyReverted { get; private init; }
    public DateTimeOffset RevertedAt { get; private init; }
    public TimeSpan Elapsed { get; private init; }

    /// <summary>False: in force, but not on disk; the call should be repeated.</summary>
    public bool IsStored { get; private init; }

    public static RevertOutcome Refused(RevertRefusal refusal, RouteEntry? entry) => new() { Refusal = refusal, Entry = entry };

    public static RevertOutcome Done(RevertDecision decision, DateTimeOffset revertedAt, TimeSpan elapsed, bool isStored) => new()
    {
        Entry = decision.Entry,
        Moved = decision.Verdict == RevertVerdict.Flip,
        AlreadyReverted = decision.Verdict == RevertVerdict.AlreadyReverted,
        RevertedAt = revertedAt,
        Elapsed = elapsed,
        IsStored = isStored,
    };

    /// <summary>Null: the verdict lets the revert through.</summary>
    public static RevertRefusal? RefusalOf(RevertVerdict verdict) => verdict switch
    {
        RevertVerdict.Flip or RevertVerdict.VetoOnly or RevertVerdict.AlreadyReverted => null,
        RevertVerdict.UnknownEndpoint => RevertRefusal.UnknownEndpoint,
        RevertVerdict.NoStandby => RevertRefusal.NoStandby,
        RevertVerdict.Committed => RevertRefusal.Committed,
        RevertVerdict.Releasing => RevertRefusal.Releasing,
        _ => RevertRefusal.NotInStanding,
    };
}
