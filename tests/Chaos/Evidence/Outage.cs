namespace BlueGreen.Chaos.Evidence;

/// <summary>A time in which the router was down by the harness's doing, in microseconds of the run's clock.</summary>
internal sealed record Outage
{
    /// <summary>When it was killed.</summary>
    public required long From { get; init; }

    /// <summary>When it was ready again.</summary>
    public long To { get; set; } = long.MaxValue;
}
