using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Evidence;

/// <summary>A time in which a router was down or stood still by the harness's doing, in microseconds of the run's clock.</summary>
internal sealed record Outage
{
    /// <summary>Which router.</summary>
    public string Router { get; init; } = ServiceProgram.Router;

    /// <summary>Down: its requests may fail. Else it was paused: they are late, no more.</summary>
    public bool IsDown { get; init; } = true;

    /// <summary>When it was killed or paused.</summary>
    public required long From { get; init; }

    /// <summary>When it was ready again, or went on.</summary>
    public long To { get; set; } = long.MaxValue;
}
