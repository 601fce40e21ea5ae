namespace BlueGreen.Contracts;

/// <summary>
/// An endpoint's policy was stored. The router learns which path it serves, rollback which alarms belong to it; each keeps its own copy.
/// </summary>
public sealed record EndpointConfigured
{
    /// <summary>Name of the endpoint, e.g. <c>fraud</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>SHA-256 of the policy as stored, 64 hexadecimal digits.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Counts up with every change of this endpoint's policy: a late, older copy is ignored.</summary>
    public required long Revision { get; init; }

    /// <summary>Path prefix that clients call, e.g. <c>/fraud</c>.</summary>
    public required string Path { get; init; }

    /// <summary><c>fast</c> or <c>strict</c>.</summary>
    public required string Cutover { get; init; }

    /// <summary><c>serve-last</c> or <c>fence</c>.</summary>
    public required string OnControlPlaneLoss { get; init; }

    /// <summary>Promotions from the registry are for this endpoint when they carry this stage.</summary>
    public required string PromotionStage { get; init; }

    public required IReadOnlyList<AlarmRule> Alarms { get; init; }

    /// <summary>Who is told of what becomes of them.</summary>
    public IReadOnlyList<NotifyRule> Notify { get; init; } = [];

    /// <summary>Which live requests the router keeps; null: none.</summary>
    public CapturePolicy? Capture { get; init; }
}
