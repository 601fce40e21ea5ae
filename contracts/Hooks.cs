namespace BlueGreen.Contracts;

/// <summary>A step of the endpoint's owners, called over HTTP: the policy's <c>hooks</c> section.</summary>
public sealed record Hook
{
    /// <summary>Unique within the policy; decisions of the hook are in the history as <c>hook:{name}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>confirm-rollout</c>, <c>pre-rollout</c>, <c>confirm-switch</c>, <c>rollout</c>, <c>rollback</c>, <c>post-rollout</c> or <c>event</c>.
    /// </summary>
    public required string When { get; init; }

    /// <summary>Where it is; <c>http</c> or <c>https</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>How long one call may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Calls without an answer, or failed looks in a row, after which it counts as a no.</summary>
    public required int Attempts { get; init; }

    /// <summary>Pause between calls of a hook that is asked again.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Name of the secret that signs the calls; null: they are not signed.</summary>
    public string? SecretRef { get; init; }
}

/// <summary>Ask the hooks of this moment. What comes of it is an approval, a rejection or a rollback, or nothing.</summary>
public sealed record CallHooks : IStageMessage
{
    public required Guid DeploymentId { get; init; }

    /// <summary>Attempt of the state that asks.</summary>
    public required int Attempt { get; init; }

    /// <summary>The state that asks; once the deployment has left it, nobody waits for the answer.</summary>
    public required string State { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required Guid EnvironmentId { get; init; }

    /// <summary>Null before the environment was provisioned.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Why the deployment ended as it did; null while it has not, or did well.</summary>
    public string? Reason { get; init; }

    /// <summary>In the order in which they are asked.</summary>
    public required IReadOnlyList<Hook> Hooks { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
}
