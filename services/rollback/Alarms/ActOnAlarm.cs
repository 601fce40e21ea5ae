namespace BlueGreen.Rollback.Alarms;

/// <summary>Act on an alarm later: when its rule's <c>for</c> is over, or when routers answer again. A recovery cancels it.</summary>
internal sealed record ActOnAlarm
{
    /// <summary>Key of the alarm's record.</summary>
    public required string Key { get; init; }
    public required Alarm Alarm { get; init; }
    public required string Endpoint { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What the work is about: one waits per alarm and endpoint, whatever is known of when it began.</summary>
    public static string SubjectOf(Alarm alarm, string? endpoint) => AlarmKey.Of(alarm.Source, endpoint, alarm.Series);
}
