using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Alarms;

/// <summary>What an alarm request says, or why it says nothing.</summary>
internal sealed record AlarmReading
{
    private AlarmReading()
    {
    }

    public IReadOnlyList<Alarm> Alarms { get; private init; } = [];

    /// <summary>Alarms that the sender left out of the request.</summary>
    public int Truncated { get; private init; }

    public FieldProblem? Problem { get; private init; }

    public static AlarmReading Of(IReadOnlyList<Alarm> alarms, int truncated = 0) => new() { Alarms = alarms, Truncated = truncated };

    public static AlarmReading Invalid(FieldProblem problem) => new() { Problem = problem };
}
