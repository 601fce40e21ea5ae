namespace BlueGreen.Cli.Api;

internal sealed record PromotionRequest(string Endpoint, string Model, string Version, PromotionArtifact Artifact);

internal sealed record PromotionArtifact(string Uri, string Sha256);

internal sealed record RollbackBody(string Reason);

internal sealed record DeploymentAccepted(Guid Id);
