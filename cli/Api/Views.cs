using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary>What the CLI shows of an endpoint; <c>--json</c> passes the platform's answer on as it is.</summary>
internal sealed record EndpointView
{
    public string Name { get; set; } = "";
    public string? Path { get; set; }

    /// <summary>A number, or text such as <c>7+revert</c> until the database has numbered a revert.</summary>
    public JsonElement? Epoch { get; set; }
    public string? PolicyHash { get; set; }
    public long? Revision { get; set; }
    public LiveView? Live { get; set; }
    public Guid? ActiveDeployment { get; set; }
    public Guid? QueuedDeployment { get; set; }
}

internal sealed record LiveView
{
    public Guid DeploymentId { get; set; }
    public Guid EnvironmentId { get; set; }
    public string? Model { get; set; }
    public string? Version { get; set; }
}

internal sealed record DeploymentView
{
    public Guid Id { get; set; }
    public string? Endpoint { get; set; }
    public string? Model { get; set; }
    public string? Version { get; set; }
    public string State { get; set; } = "";
    public bool Ended { get; set; }
    public string? Reason { get; set; }
    public Guid? EnvironmentId { get; set; }
    public DateTimeOffset? PromotedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset? SwitchedAt { get; set; }
    public double? ConvergenceMilliseconds { get; set; }
    public double? OverheadMilliseconds { get; set; }
    public IReadOnlyList<StageView> Stages { get; set; } = [];
    public IReadOnlyList<WarmthView> Warmth { get; set; } = [];
    public IReadOnlyList<GateView> Gates { get; set; } = [];
    public IReadOnlyList<GateView> BakeMetrics { get; set; } = [];

    /// <summary>The only ending that a promotion wants.</summary>
    public bool Committed => State == "Committed";
}

internal sealed record StageView
{
    public string Stage { get; set; } = "";
    public int Attempt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? Outcome { get; set; }
    public string? Reason { get; set; }
    public double? WorkMilliseconds { get; set; }

    public double? ElapsedMilliseconds => (EndedAt - StartedAt)?.TotalMilliseconds;
}

internal sealed record WarmthView
{
    public int Index { get; set; }
    public double ColdP99Milliseconds { get; set; }
    public double WarmP99Milliseconds { get; set; }
    public int Requests { get; set; }
    public int Concurrency { get; set; }
    public int Restarts { get; set; }
    public string? StopReason { get; set; }
}

internal sealed record GateView
{
    public string Gate { get; set; } = "";
    public string Verdict { get; set; } = "";
    public double? Value { get; set; }
    public double? Threshold { get; set; }
    public string? Unit { get; set; }
    public int Samples { get; set; }
    public double? IntervalLow { get; set; }
    public double? IntervalHigh { get; set; }
    public double? PValue { get; set; }
    public string? Summary { get; set; }
}

internal sealed record DeploymentEvent
{
    public long Sequence { get; set; }
    public DateTimeOffset At { get; set; }
    public Guid DeploymentId { get; set; }
    public string? Endpoint { get; set; }
    public string Kind { get; set; } = "";
    public string? State { get; set; }
    public string? Summary { get; set; }
    public string? Actor { get; set; }
}

/// <summary>What <c>--json</c> prints instead of an answer.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

internal sealed record ErrorBody(int ExitCode, int? Status, string? Title, string? Field, string? Detail, int? Line, int? Column);
