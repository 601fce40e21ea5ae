namespace BlueGreen.Cli.Api;

internal sealed record PromotionRequest(string Endpoint, string Model, string Version, PromotionArtifact Artifact, string PromotedBy);

internal sealed record PromotionArtifact(string Uri, string Sha256);

internal sealed record RollbackBody(string Reason, string RequestedBy);

internal sealed record DecisionBody(string RequestedBy, string? Reason);

internal sealed record DeploymentAccepted(Guid Id);
