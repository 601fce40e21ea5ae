using System.Text.Json.Serialization;
using BlueGreen.Rollback.Sources;

namespace BlueGreen.Rollback.Alarms;

/// <summary>One alarm as its source tells it.</summary>
internal sealed record Alarm
{
    public required string Source { get; init; }
    public required string Name { get; init; }

    /// <summary>False for news of a recovery, and for news that are neither, which never act.</summary>
    public required bool Firing { get; init; }

    /// <summary>What it is when it is neither a firing nor a recovery, e.g. <c>acknowledged</c>: it changes nothing; null otherwise.</summary>
    public string? Note { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The same for every firing of the alarm, different for another alarm.</summary>
    public required string Series { get; init; }

    /// <summary>Since when it fires; null when the source does not say.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>When, by the source's clock, what it tells of happened: of a recovery the firing's end. Null when the source does not say.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>
    /// The same for every repetition and for the recovery of one firing, different for the next; null when the source gives nothing to
    /// tell them apart by, and then each request is an alarm of its own.
    /// </summary>
    public string? Identity { get; init; }

    /// <summary>What the source says to people about it.</summary>
    public string? Summary { get; init; }

    /// <summary>What the source sent about this alarm, for rules with JSON pointers; not kept.</summary>
    [JsonIgnore]
    public PayloadValue Payload { get; init; }
}
