using System.Text.Json;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>What must be known of a stored firing so that memory can take it up again.</summary>
internal sealed record AlarmSeries(Alarm Alarm, string? Endpoint, IReadOnlyList<string> Rules)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Write(Alarm alarm, RuleMatch? rules) => JsonSerializer.Serialize(
        new AlarmSeries(Kept(alarm), rules?.Endpoint, [.. rules?.Rules.Select(rule => rule.Key) ?? []]), Json);

    /// <summary>The alarm as it may be stored.</summary>
    public static Alarm Kept(Alarm alarm) => alarm with
    {
        Labels = StorableText.Of(alarm.Labels),
        Summary = alarm.Summary is { } summary ? StorableText.Of(summary) : null,
        // PostgreSQL takes no U+0000.
        Name = StorableText.Of(alarm.Name),
        Series = StorableText.Whole(alarm.Series),
        Identity = alarm.Identity is { } identity ? StorableText.Whole(identity) : null,
    };

    /// <summary>Null when what is stored is of another version of this service.</summary>
    public static AlarmSeries? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<AlarmSeries>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
