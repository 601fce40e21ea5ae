using BlueGreen.Contracts;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>What a registry says about a model version, checked for form; whether that promotes it to an endpoint is not known yet.</summary>
internal sealed record Promotion
{
    /// <summary>The registry's own name of the model; mapped to an endpoint by policy, options or as it is.</summary>
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required IReadOnlyList<Mark> Marks { get; init; }

    /// <summary>The endpoint, where the registry names one itself; then nothing else decides.</summary>
    public string? Endpoint { get; init; }

    /// <summary>JSON path of the field that named the endpoint, for the answer when there is no such endpoint.</summary>
    public string EndpointField { get; init; } = "endpoint";

    /// <summary>True where a model without an endpoint is the sender's mistake; false where it is merely none of our business.</summary>
    public bool MustHaveEndpoint { get; init; }

    /// <summary>Where the registry says the model is; null where a template of the policy or the options must tell.</summary>
    public ArtifactReference? Artifact { get; init; }
    public string? PromotedBy { get; init; }
}
