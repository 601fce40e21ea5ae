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

    /// <summary>Which models of which registries are for this endpoint, and where the stage's name is not what says so.</summary>
    public IReadOnlyList<RegistryRule> Registries { get; init; } = [];
}

/// <summary>What of one registry means a promotion to the endpoint.</summary>
public sealed record RegistryRule
{
    /// <summary>The webhook's source, e.g. <c>mlflow</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The model's name in that registry; null: the endpoint's name.</summary>
    public string? Model { get; init; }

    /// <summary>Marks that promote, e.g. <c>alias:champion</c>; empty: as the source's options say.</summary>
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>Where the artifact is, with <c>{model}</c>, <c>{version}</c> and <c>{uri}</c> filled in; null: where the registry says.</summary>
    public string? Artifact { get; init; }
}
