namespace BlueGreen.Contracts;

/// <summary>Which live requests are kept, and for how long: the policy's <c>capture</c> section.</summary>
public sealed record CapturePolicy
{
    /// <summary>Share of prediction requests that is kept, in [0, 1].</summary>
    public required double Rate { get; init; }

    /// <summary>Largest request that is kept, bytes; the same for its answer.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>Most requests kept; the oldest go first.</summary>
    public required int Keep { get; init; }

    /// <summary>How long a request is kept.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>
    /// JSON Pointers (RFC 6901, <c>*</c> for every element) into request and answer: what stands there is replaced by a value of its own
    /// kind that says nothing, before anything is stored.
    /// </summary>
    public required IReadOnlyList<string> Redact { get; init; }
}

/// <summary>Somebody read captured requests: for the history.</summary>
public sealed record CapturesRead
{
    public required string Endpoint { get; init; }

    /// <summary>A person, or the service that asked.</summary>
    public required string ReadBy { get; init; }

    /// <summary>What for, e.g. <c>warm-up</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>How many requests were handed out.</summary>
    public required int Count { get; init; }

    /// <summary>Only requests that this environment answered; null: of any.</summary>
    public Guid? EnvironmentId { get; init; }
    public required DateTimeOffset At { get; init; }
}
