using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>Whether a webhook comes from who it says.</summary>
internal abstract record Authentication
{
    private Authentication()
    {
    }

    /// <param name="DeliveryId">The source's own id of this delivery, the same at every repetition.</param>
    public sealed record Authentic(string DeliveryId) : Authentication;

    public sealed record Refused(FieldProblem Problem) : Authentication;
}
