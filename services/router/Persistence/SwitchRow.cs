using BlueGreen.Contracts;

namespace BlueGreen.Router.Persistence;

/// <summary>A switch that was made: what a repetition of its command, or of its release, is answered from.</summary>
internal sealed class SwitchRow
{
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public Guid? StandbyEnvironmentId { get; init; }

    /// <summary>The epoch that the switch minted.</summary>
    public required long Epoch { get; init; }

    /// <summary>The row's version that the switch made: what replicas acknowledge.</summary>
    public required long Version { get; init; }
    public required DateTimeOffset SwitchedAt { get; init; }
    public required int Attempt { get; set; }

    /// <summary>Null until all have acknowledged or the deadline is over.</summary>
    public TrafficSwitched? Receipt { get; set; }

    /// <summary>Highest attempt of a release that was taken up; 0: none.</summary>
    public int ReleaseAttempt { get; set; }

    /// <summary>When the standby was released for good: no revert after that.</summary>
    public DateTimeOffset? CommittedAt { get; set; }
    public StandbyReleased? Release { get; set; }
}
