namespace BlueGreen.Demo.Verification;

/// <summary>What a run's log says.</summary>
internal sealed record RunFigures
{
    public required int Requests { get; init; }

    /// <summary>Transport errors and 5xx.</summary>
    public required int Failed { get; init; }

    /// <summary>Requests sent per second, first to last.</summary>
    public required double Rate { get; init; }

    /// <summary>From due time to the end of the answer, milliseconds.</summary>
    public required double LatencyP50Milliseconds { get; init; }
    public required double LatencyP99Milliseconds { get; init; }

    /// <summary>Longest time in which an old and a new environment both admitted requests, over all switches; null without a switch.</summary>
    public double? SwitchMilliseconds { get; init; }

    /// <summary>First byte of the alarm sent → send time of the last request that green answered; null without an alarm.</summary>
    public double? RollbackMilliseconds { get; init; }

    /// <summary>What must not have happened, in words; empty for a good run.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}
