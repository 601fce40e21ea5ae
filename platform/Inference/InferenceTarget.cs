using BlueGreen.Contracts;

namespace BlueGreen.Platform.Inference;

/// <summary>One replica, addressed directly, and the model that is asked of it.</summary>
/// <param name="Address">Base address, ends with a slash.</param>
/// <param name="Model">Model name as it stands in the server's URLs.</param>
public sealed record InferenceTarget(Uri Address, string Model)
{
    /// <summary>Every replica of a fleet, in the fleet's order.</summary>
    public static IReadOnlyList<InferenceTarget> Of(Fleet fleet) =>
        [.. fleet.Replicas.Select(replica => new InferenceTarget(replica.Address, fleet.Model))];
}
