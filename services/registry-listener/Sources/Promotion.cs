using BlueGreen.Contracts;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>A promotion as the registry tells it, checked for form; whether the endpoint exists is not known yet.</summary>
internal sealed record Promotion
{
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string Stage { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>JSON path of the field that named the endpoint, for the answer when there is no such endpoint.</summary>
    public required string EndpointField { get; init; }
    public required ArtifactReference Artifact { get; init; }
    public string? PromotedBy { get; init; }
}
