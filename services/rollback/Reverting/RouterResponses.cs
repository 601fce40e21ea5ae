namespace BlueGreen.Rollback.Reverting;

/// <summary><c>GET /routes/{endpoint}</c> of the router, as far as it matters here.</summary>
internal sealed record RouteResponse
{
    public TargetResponse? Live { get; init; }
    public TargetResponse? Standby { get; init; }
    public bool Revertible { get; init; }
    public DateTimeOffset? SwitchedAt { get; init; }

    internal sealed record TargetResponse
    {
        public Guid EnvironmentId { get; init; }
        public Guid DeploymentId { get; init; }
        public string? Version { get; init; }

        public RouteSide ToSide() => new(EnvironmentId, Version ?? "");
    }
}

/// <summary><c>POST /routes/{endpoint}/revert</c>, what is sent.</summary>
internal sealed record RevertRequest(Guid DeploymentId, string Reason, string RequestedBy);

/// <summary><c>POST /routes/{endpoint}/revert</c>, what comes back with 200.</summary>
internal sealed record RevertResponse
{
    public bool AlreadyReverted { get; init; }
    public Guid? LiveEnvironmentId { get; init; }
}

/// <summary>An RFC 9457 answer.</summary>
internal sealed record ProblemResponse
{
    public string? Detail { get; init; }
}
