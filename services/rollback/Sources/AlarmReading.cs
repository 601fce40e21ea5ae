using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

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

    /// <summary>A subscription that the sender wants confirmed by a GET of this address, which was checked; null: none.</summary>
    public Uri? Confirm { get; private init; }

    public static AlarmReading Of(IReadOnlyList<Alarm> alarms, int truncated = 0) => new() { Alarms = alarms, Truncated = truncated };

    public static AlarmReading Of(Alarm alarm) => new() { Alarms = [alarm] };

    public static AlarmReading Invalid(FieldProblem problem) => new() { Problem = problem };

    /// <summary>Valid, and neither a firing nor a recovery: kept with the reason why it changes nothing.</summary>
    public static AlarmReading Nothing(string source, string name, string note) =>
        Of(new Alarm { Source = source, Name = name, Firing = false, Note = note, Labels = new Labels().Named(name), Series = name });

    public AlarmReading Confirming(Uri address) => this with { Confirm = address };
}
