using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>Whether a webhook comes from who it says.</summary>
internal abstract record Authentication
{
    private Authentication()
    {
    }

    /// <param name="DeliveryId">
    /// The source's own id of this delivery, the same at every repetition; null where the source has none: then the events' ids count, or
    /// else the body's digest.
    /// </param>
    public sealed record Authentic(string? DeliveryId) : Authentication;

    public sealed record Refused(FieldProblem Problem) : Authentication;

    /// <summary>It cannot be told now: the sender is asked to come again.</summary>
    public sealed record Unavailable(string Detail) : Authentication;

    public static Refused Refuse(string header, string detail) =>
        new(new FieldProblem(StatusCodes.Status401Unauthorized, header, detail));
}
