using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Chaos.Judging;

namespace BlueGreen.Chaos.Reporting;

/// <summary>The sum over all seeds: the last line of a run.</summary>
internal sealed record ChaosReport
{
    public int Seeds { get; init; }
    public int Lost { get; init; }
    [JsonPropertyName("double_effects")]
    public int DoubleEffects { get; init; }
    public int Violations { get; init; }
    public int Stuck { get; init; }
    [JsonPropertyName("unexplained_failures")]
    public int UnexplainedFailures { get; init; }

    /// <summary>Seeds in which something was wrong.</summary>
    [JsonPropertyName("failed_seeds")]
    public IReadOnlyList<int> FailedSeeds { get; init; } = [];

    /// <summary>Fault × state → how often they met.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, int>> Hits { get; init; } = new Dictionary<string, SortedDictionary<string, int>>();

    /// <summary>Meetings that the catalogue knows and that have not happened.</summary>
    public int Unmet { get; init; }

    [JsonIgnore]
    public bool IsGood => FailedSeeds.Count == 0;

    public ChaosReport With(int seed, SeedVerdict verdict) => this with
    {
        Seeds = Seeds + 1,
        Lost = Lost + verdict.Lost.Count,
        DoubleEffects = DoubleEffects + verdict.DoubleEffects.Count,
        Violations = Violations + verdict.Violations.Count,
        Stuck = Stuck + verdict.Stuck.Count,
        UnexplainedFailures = UnexplainedFailures + verdict.UnexplainedFailures.Count,
        FailedSeeds = verdict.IsGood ? FailedSeeds : [.. FailedSeeds, seed],
    };

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
