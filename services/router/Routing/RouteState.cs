using BlueGreen.Contracts;

namespace BlueGreen.Router.Routing;

/// <summary>
/// An endpoint's route as the database has it. What a replica serves is this and its vetoes (<see cref="RouteEntry"/>): the database's
/// word and the vetoes may arrive in any order and lead to the same entry.
/// </summary>
internal sealed record RouteState
{
    public required string Endpoint { get; init; }

    /// <summary>Path prefix with a leading and without a trailing slash; empty for the root.</summary>
    public required string Path { get; init; }

    /// <summary>Grows with every change of the row, whatever changed; replicas acknowledge it.</summary>
    public required long Version { get; init; }

    /// <summary>Grows with every change of what is live or standby; 0: never switched.</summary>
    public required long Epoch { get; init; }
    public RouteTarget? Live { get; init; }
    public RouteTarget? Standby { get; init; }
    public DateTimeOffset? SwitchedAt { get; init; }

    /// <summary>The live deployment whose standby is being given up: its revert is refused from here on.</summary>
    public Guid? Releasing { get; init; }

    /// <summary>A strict switch under way: new requests wait for it.</summary>
    public PreparedSwitch? Preparing { get; init; }

    /// <summary>Green, warm and being judged.</summary>
    public RouteTarget? Candidate { get; init; }
    public RouteSettings Settings { get; init; } = RouteSettings.Default;

    /// <summary>By which steps traffic moves to what is live: as the policy was at the switch, whatever it says now; null: it has all.</summary>
    public TrafficShift? Shift { get; init; }

    /// <summary>Deployments that were committed lately; a revert of these is refused.</summary>
    public IReadOnlyList<Guid> Committed { get; init; } = [];

    /// <summary>Vetoes that the database knows, latest first, of late only.</summary>
    public IReadOnlyList<KnownVeto> Vetoed { get; init; } = [];

    public bool IsVetoed(Guid deploymentId) => Vetoed.Any(veto => veto.DeploymentId == deploymentId);

    internal static string NormalizePath(string path)
    {
        var trimmed = path.Trim('/');
        return trimmed.Length == 0 ? "" : "/" + trimmed;
    }
}
