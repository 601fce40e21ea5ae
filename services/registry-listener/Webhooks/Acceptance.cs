using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>What became of one event of an authentic webhook.</summary>
internal abstract record Acceptance
{
    private Acceptance()
    {
    }

    /// <summary>Stored: the deployment will start.</summary>
    public sealed record Accepted(Guid DeploymentId, string Endpoint, bool Duplicate) : Acceptance;

    /// <summary>Stored, and nothing follows from it.</summary>
    public sealed record Ignored(string Reason, bool Duplicate) : Acceptance;

    /// <summary>The delivery id was used for another body.</summary>
    public sealed record Conflicting(string Detail) : Acceptance;

    /// <summary>Nothing was stored.</summary>
    public sealed record Refused(FieldProblem Problem) : Acceptance;

    /// <summary>The answer that the event got when it was heard first.</summary>
    public static Acceptance Repeated(Delivery earlier) => earlier.DeploymentId is { } deployment
        ? new Accepted(deployment, earlier.Endpoint!, Duplicate: true)
        : new Ignored(earlier.IgnoredBecause!, Duplicate: true);
}
