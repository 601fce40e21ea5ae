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

    /// <summary>How the endpoint's requests are carried.</summary>
    public TrafficPolicy Traffic { get; init; } = new();

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

/// <summary>How a router carries an endpoint's requests: the greater part of the policy's <c>route</c> section.</summary>
public sealed record TrafficPolicy
{
    /// <summary>Longest silence of a model server in the midst of a request; null: the router's own default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Largest request body in bytes; null: the router's own default.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>How long requests may go on at an environment that is live no longer, before they are cut off.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of live requests, in [0, 1], copied to green while it is judged.</summary>
    public double MirrorToGreen { get; init; }

    /// <summary>Share of live requests, in [0, 1], copied to blue after the switch, for as long as blue is the way back.</summary>
    public double MirrorToBlue { get; init; }

    /// <summary>How traffic moves to green step by step; null: all at once.</summary>
    public TrafficShift? Shift { get; init; }

    /// <summary>The load balancer that clients call instead of the routers; null: they call the routers.</summary>
    public TrafficDriver? Driver { get; init; }
}

/// <summary>A load balancer that is not the platform's, and is told where to send an endpoint's requests.</summary>
public sealed record TrafficDriver
{
    /// <summary>E.g. <c>haproxy</c>, <c>nginx</c>, <c>dns</c>, <c>http</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which one: a name in the routers' own configuration, which knows its address and credentials; null: the kind's name.</summary>
    public string? Target { get; init; }

    /// <summary>What the kind needs to know of this endpoint, e.g. the name of its upstream.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>Green gets <see cref="First"/> of the requests at once, and <see cref="Step"/> more after every <see cref="Wait"/>, until it has all.</summary>
public sealed record TrafficShift
{
    /// <summary>Share in (0, 1].</summary>
    public required double First { get; init; }

    /// <summary>Share in (0, 1].</summary>
    public required double Step { get; init; }
    public required TimeSpan Wait { get; init; }

    /// <summary>Requests with one value of this header get one model; null: no header counts.</summary>
    public string? StickyHeader { get; init; }

    /// <summary>Requests with one value of this cookie get one model, and who has none is given one; null: no cookie counts.</summary>
    public string? StickyCookie { get; init; }
}
