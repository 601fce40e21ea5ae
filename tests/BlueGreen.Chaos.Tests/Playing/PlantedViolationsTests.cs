using System.Diagnostics;
using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Judging;
using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Serving;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos.Tests.Playing;

/// <summary>What the judges must see is planted in a real seed, between its coming to rest and the reading of its evidence.</summary>
[Collection("one platform at a time")]
public sealed class PlantedViolationsTests(PostgreSqlServer postgres, RabbitMqServer rabbit)
{
    private static readonly ChaosScript TwoReleases = new(
        0, SecondRouter: false,
        [.. new[] { "alpha", "beta" }.Select(endpoint => new EndpointStory(endpoint, PolicyKind.Plain, 1, [Release(endpoint, 1), Release(endpoint, 2)], null))],
        Last: null);

    [Fact]
    public async Task RealSeed_LostPromotionDoubleSwitchStaleAnswerAndOrphanPlanted_EachIsFound()
    {
        ContainerEngine.Require();
        SeedVerdict? before = null;
        Process? orphan = null;
        try
        {
            var run = new SeedRun(postgres, rabbit, new HitsTable(), _ => { }, TimeProvider.System);
            var result = await run.PlayAsync(TwoReleases, PlantAsync, TestContext.Current.CancellationToken);
            Assert.Empty(before!.All);

            var verdict = Judge.Of(result.Evidence with { Requests = WithStaleAnswer(result.Evidence) });
            Assert.Contains(verdict.Lost, found => found.Contains("promotion of alpha-1: there is no deployment", StringComparison.Ordinal));
            Assert.Contains(verdict.DoubleEffects, found => found.Contains("2 switches share epoch", StringComparison.Ordinal));
            Assert.Contains(verdict.Violations, found => found.Contains($"processes {orphan!.Id} run for environment", StringComparison.Ordinal));
            Assert.Contains(verdict.Violations, found => found.StartsWith("I1: beta: stale", StringComparison.Ordinal));
            Assert.Empty(verdict.Stuck);
            Assert.Empty(verdict.UnexplainedFailures);
            Directory.Delete(result.Folder, recursive: true);
        }
        finally
        {
            orphan?.Kill();
            orphan?.Dispose();
        }

        async Task PlantAsync(SeedScene scene)
        {
            before = Judge.Of(scene.Evidence);
            orphan = StartOrphan(scene.Folder);
            await using var lose = scene.Database.CreateCommand("""
                DELETE FROM orchestrator.deployments WHERE version = 'alpha-1';
                INSERT INTO router.switches (deployment_id, endpoint, environment_id, epoch, version, switched_at, attempt, release_attempt)
                SELECT gen_random_uuid(), endpoint, environment_id, epoch, version, switched_at, 1, 0 FROM router.switches
                WHERE endpoint = 'beta' ORDER BY epoch LIMIT 1;
                """);
            await lose.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Tagged as a replica of nobody's environment, with a data directory of its own so that env-manager leaves it alone.</summary>
    private static Process StartOrphan(string folder)
    {
        var start = new ProcessStartInfo("sleep", "600");
        start.Environment["BLUEGREEN_ENVIRONMENT_ID"] = Guid.NewGuid().ToString();
        start.Environment["BLUEGREEN_REPLICA"] = "0";
        start.Environment["BLUEGREEN_DATA_DIRECTORY"] = Path.Combine(folder, "elsewhere");
        return Process.Start(start)!;
    }

    /// <summary>An answer of the first environment, as it was, only sent after all others had been answered.</summary>
    private static Dictionary<string, IReadOnlyList<RequestRecord>> WithStaleAnswer(SeedEvidence evidence)
    {
        var requests = evidence.Requests["beta"];
        var end = requests.Max(request => request.Done) + 1;
        var stale = requests.First(request => request.Environment is not null) with { Due = end, Sent = end, Done = end + 1_000 };
        return new(evidence.Requests) { ["beta"] = [.. requests, stale] };
    }

    private static PromotionStep Release(string endpoint, int number) => new(
        TimeSpan.Zero, TimeSpan.FromSeconds(60), endpoint, $"{endpoint}-{number}", ReleaseKind.Good, null, TimeSpan.Zero);
}
