using System.Globalization;
using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos;

/// <summary>Seeds one after the other, on one broker and one database server.</summary>
/// <param name="scripts">What is played.</param>
/// <param name="results">File of the seeds played so far; null: none is kept.</param>
/// <param name="most">How many to play now.</param>
/// <param name="quiet">Whether to keep what goes as it should to oneself.</param>
internal sealed class ChaosRun(IEnumerable<ChaosScript> scripts, string? results, int most, bool quiet)
{
    /// <returns>Of every seed played, now or before.</returns>
    public async Task<IReadOnlyList<SeedRecord>> PlayAsync(CancellationToken ct)
    {
        List<SeedRecord> records = results is null ? [] : [.. SeedRecord.ReadAll(results)];
        var due = scripts.Where(script => records.All(record => record.Seed != script.Seed)).Take(most).ToList();
        if (due.Count == 0) return records;
        await using var postgres = new PostgreSqlServer();
        await using var rabbit = new RabbitMqServer();
        await Task.WhenAll(postgres.InitializeAsync().AsTask(), rabbit.InitializeAsync().AsTask());
        foreach (var script in due)
        {
            var record = await PlayAsync(script, postgres, rabbit, ct);
            if (results is not null) record.AppendTo(results);
            records.Add(record);
        }

        return records;
    }

    private async Task<SeedRecord> PlayAsync(ChaosScript script, PostgreSqlServer postgres, RabbitMqServer rabbit, CancellationToken ct)
    {
        var hits = new HitsTable();
        var begin = TimeProvider.System.GetTimestamp();
        try
        {
            var result = await new SeedRun(postgres, rabbit, hits, Say, TimeProvider.System).PlayAsync(script, tamper: null, ct);
            Console.Error.WriteLine(SeedText.Of(script, result));
            if (result.Verdict.IsGood) Directory.Delete(result.Folder, recursive: true);
            return SeedRecord.Judged(script.Seed, result.Verdict, Elapsed(), hits);
        }
        catch (ChaosException failure)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {script.Seed}: NOT JUDGED after {Elapsed():0} s: {failure.Message}"));
            Console.Error.WriteLine(script);
            return SeedRecord.Unjudged(script.Seed, failure.Message, Elapsed());
        }

        double Elapsed() => TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
    }

    private void Say(string text)
    {
        if (!quiet) Console.Error.WriteLine(text);
    }
}
