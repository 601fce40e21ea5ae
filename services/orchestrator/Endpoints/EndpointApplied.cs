using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Endpoints;

internal enum EndpointChange
{
    None,
    Created,
    Updated,
}

/// <summary>What became of a policy: stored (or found to be stored already), or refused.</summary>
internal sealed record EndpointApplied(string Name, string PolicyHash, long Revision, EndpointChange Change, PolicyError? Problem = null)
{
    public static EndpointApplied Refused(PolicyError problem) => new("", "", 0, EndpointChange.None, problem);
}
