using System.CommandLine;
using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos;

/// <summary><c>chaos [--seeds N] [--seed S] [--json]</c>.</summary>
internal static class ChaosCommand
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;

    public static RootCommand Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 4 };
        var seed = new Option<int?>("--seed") { Description = "The first seed; without --seeds the only one." };
        var json = new Option<bool>("--json") { Description = "Only say what is wrong, and end with one line of JSON." };
        var script = new Option<bool>("--script") { Description = "Print the scripts and play nothing." };
        var root = new RootCommand("Plays random releases and alarms under random faults and judges what came of it.") { seeds, seed, json, script };
        root.SetAction((parsed, ct) =>
        {
            var first = parsed.GetValue(seed) ?? 1;
            var only = parsed.GetValue(seed) is not null && parsed.GetResult(seeds) is null or { Implicit: true };
            var all = Enumerable.Range(first, only ? 1 : parsed.GetValue(seeds)).Select(ScriptWriter.Write);
            return parsed.GetValue(script) ? PrintAsync(all) : RunAsync(all, parsed.GetValue(json), ct);
        });
        return root;
    }

    private static Task<int> PrintAsync(IEnumerable<ChaosScript> scripts)
    {
        foreach (var script in scripts) Console.WriteLine(script);
        return Task.FromResult(Good);
    }

    private static async Task<int> RunAsync(IEnumerable<ChaosScript> scripts, bool quiet, CancellationToken ct)
    {
        if (ContainerEngine.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return Bad;
        }

        await using var postgres = new PostgreSqlServer();
        await using var rabbit = new RabbitMqServer();
        var hits = new HitsTable();
        var report = new ChaosReport();
        try
        {
            await Task.WhenAll(postgres.InitializeAsync().AsTask(), rabbit.InitializeAsync().AsTask());
            foreach (var script in scripts) report = await PlayAsync(new SeedRun(postgres, rabbit, hits, Say, TimeProvider.System), script, report, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Interrupted;
        }

        report = report with { Hits = hits.Rows, Unmet = hits.Unmet().Count() };
        Console.WriteLine(report.ToJson());
        return report.IsGood ? Good : Bad;

        void Say(string text)
        {
            if (!quiet) Console.Error.WriteLine(text);
        }
    }

    private static async Task<ChaosReport> PlayAsync(SeedRun run, ChaosScript script, ChaosReport report, CancellationToken ct)
    {
        var result = await run.PlayAsync(script, tamper: null, ct);
        Console.Error.WriteLine(SeedText.Of(script, result));
        if (result.Verdict.IsGood) Directory.Delete(result.Folder, recursive: true);
        return report.With(script.Seed, result.Verdict);
    }
}
