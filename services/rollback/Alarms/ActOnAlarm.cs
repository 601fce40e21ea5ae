namespace BlueGreen.Rollback.Alarms;

/// <summary>Decide on an alarm again: when what its rules wait for is over, or when routers answer again. A recovery cancels it.</summary>
internal sealed record ActOnAlarm
{
    /// <summary>Key of the alarm's record.</summary>
    public required string Key { get; init; }
    public required Alarm Alarm { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>Keys of the rules that it is about: not all of them can be found again without the payload.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];
    public required DateTimeOffset HeardAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What the work is about: one waits per alarm and endpoint, whatever is known of when it began.</summary>
    public static string SubjectOf(Alarm alarm, string? endpoint) => AlarmKey.Of(alarm.Source, endpoint, alarm.Series);
}
