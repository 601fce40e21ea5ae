using System.Text.Json;
using BlueGreen.Chaos.Judging;

namespace BlueGreen.Chaos.Reporting;

/// <summary>What is remembered of a seed that was played: one line of a file of results.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Error">Why it could not be judged; null: it was.</param>
/// <param name="Lost">How many acknowledged promotions and alarms were lost.</param>
/// <param name="DoubleEffects">How much was done twice.</param>
/// <param name="Violations">How many invariants did not hold.</param>
/// <param name="Stuck">How much did not come to an end.</param>
/// <param name="UnexplainedFailures">How many requests failed without a fault that explains it.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Hits">Fault → state → count.</param>
internal sealed record SeedRecord(
    int Seed, string? Error, int Lost, int DoubleEffects, int Violations, int Stuck, int UnexplainedFailures, double Seconds,
    IReadOnlyDictionary<string, SortedDictionary<string, int>> Hits)
{
    public bool IsGood => Error is null && Lost + DoubleEffects + Violations + Stuck + UnexplainedFailures == 0;

    public static SeedRecord Judged(int seed, SeedVerdict verdict, double seconds, HitsTable hits) => new(
        seed, null, verdict.Lost.Count, verdict.DoubleEffects.Count, verdict.Violations.Count, verdict.Stuck.Count,
        verdict.UnexplainedFailures.Count, Math.Round(seconds, 1), hits.Rows);

    public static SeedRecord Unjudged(int seed, string error, double seconds) =>
        new(seed, error, 0, 0, 0, 0, 0, Math.Round(seconds, 1), new Dictionary<string, SortedDictionary<string, int>>());

    /// <summary>Those in a file; none where there is no file.</summary>
    public static IReadOnlyList<SeedRecord> ReadAll(string path) => File.Exists(path)
        ? [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<SeedRecord>(line, JsonSerializerOptions.Web)!)]
        : [];

    public void AppendTo(string path) => File.AppendAllText(path, JsonSerializer.Serialize(this, JsonSerializerOptions.Web) + Environment.NewLine);
}
