using BlueGreen.EnvManager.Drivers;

namespace BlueGreen.EnvManager.Watching;

/// <summary>What the watch remembers of one replica between rounds.</summary>
internal sealed class WatchedReplica
{
    /// <summary>The process last seen in this place; null when none has been found yet.</summary>
    public RunningReplica? Running { get; set; }

    /// <summary>Set while the place is known to be empty, so that its loss is reported once.</summary>
    public bool ReportedLost { get; set; }

    /// <summary>Restarts since it was last ready.</summary>
    public int Failures { get; set; }

    /// <summary>Timestamp before which it is not started again.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>When it is to be asked for its readiness next.</summary>
    public DateTimeOffset NextProbe { get; set; }

    /// <summary>Unanswered readiness probes in a row.</summary>
    public int Unanswered { get; set; }
}
