namespace BlueGreen.Router.Routing;

/// <summary>A strict switch for which every replica holds its requests.</summary>
/// <param name="DeploymentId">Whose switch.</param>
/// <param name="Version">The route's version that prepared it: the commit, or the end of the hold, is a compare-and-swap on it.</param>
internal sealed record PreparedSwitch(Guid DeploymentId, long Version);
