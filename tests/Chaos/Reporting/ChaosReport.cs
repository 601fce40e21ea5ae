using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Chaos.Reporting;

/// <summary>The sum over all seeds: the last line of a run.</summary>
internal sealed record ChaosReport
{
    /// <summary>Seeds that were judged.</summary>
    public required int Seeds { get; init; }
    public required int Lost { get; init; }
    [JsonPropertyName("double_effects")]
    public required int DoubleEffects { get; init; }
    public required int Violations { get; init; }
    public required int Stuck { get; init; }
    [JsonPropertyName("unexplained_failures")]
    public required int UnexplainedFailures { get; init; }

    /// <summary>Seeds that could not be judged: the harness failed, not the platform.</summary>
    public required int Errors { get; init; }

    /// <summary>Seeds in which something was wrong, or that could not be judged.</summary>
    [JsonPropertyName("failed_seeds")]
    public required IReadOnlyList<int> FailedSeeds { get; init; }

    [JsonPropertyName("seconds_per_seed")]
    public required double SecondsPerSeed { get; init; }

    /// <summary>How many meetings of the catalogue have not happened.</summary>
    public required int Unmet { get; init; }

    /// <summary>Fault × state → how often they met.</summary>
    public required IReadOnlyDictionary<string, SortedDictionary<string, int>> Hits { get; init; }

    [JsonIgnore]
    public bool IsGood => FailedSeeds.Count == 0;

    public static ChaosReport Of(IReadOnlyList<SeedRecord> records)
    {
        var hits = new HitsTable();
        foreach (var record in records) hits.Add(record.Hits);
        return new ChaosReport
        {
            Seeds = records.Count(record => record.Error is null),
            Lost = records.Sum(record => record.Lost),
            DoubleEffects = records.Sum(record => record.DoubleEffects),
            Violations = records.Sum(record => record.Violations),
            Stuck = records.Sum(record => record.Stuck),
            UnexplainedFailures = records.Sum(record => record.UnexplainedFailures),
            Errors = records.Count(record => record.Error is not null),
            FailedSeeds = [.. records.Where(record => !record.IsGood).Select(record => record.Seed)],
            SecondsPerSeed = records.Count == 0 ? 0 : Math.Round(records.Average(record => record.Seconds), 1),
            Unmet = hits.Unmet().Count(),
            Hits = hits.Rows,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
