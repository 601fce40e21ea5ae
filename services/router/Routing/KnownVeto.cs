namespace BlueGreen.Router.Routing;

/// <summary>A veto that the database knows.</summary>
internal sealed record KnownVeto(Guid DeploymentId, DateTimeOffset RevertedAt);
