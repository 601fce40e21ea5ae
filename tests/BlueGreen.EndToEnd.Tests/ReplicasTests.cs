using BlueGreen.Demo;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>Two of every service that may run twice on one database (env-manager's process driver may not: docs/operations.md).</summary>
[Collection(StoriesAcrossProcessesTests.OneAtATime)]
public sealed class ReplicasTests(PostgreSqlServer postgres, RabbitMqServer rabbit)
{
    private static readonly string[] Twice = ["orchestrator", "registry-listener", "prewarmer", "validator", "rollback"];

    [Fact]
    public async Task FiveStories_TwoReplicasOfEachService_EndAndNoWorkIsDoneTwice()
    {
        var ct = TestContext.Current.CancellationToken;
        var database = await postgres.CreateDatabaseAsync("replicas", ct);
        var broker = await rabbit.CreateVirtualHostAsync("replicas", ct);
        var clock = new RunClock(TimeProvider.System);
        var folder = new RunFolder(chosen: null);
        var run = new DemoRun(
            new DemoOptions(Json: true, Keep: false, Rate: 50, Folder: null), folder, clock, new LiveWindow(clock), new SilentBoard(),
            (installation, runFolder, time, token) =>
                SeparateProcesses.StartAsync(database, broker, installation, runFolder, time, token, Twice));
        try
        {
            var report = await run.PlayAsync((_, _) => Task.CompletedTask, ct);
            Assert.Equal(0, report.Figures.Failed);
            // How a model is judged under a load that its own fleet did not make is not what this is about.
            Assert.Equal(5, report.Stories.Count);
            Assert.All(report.Stories, story => Assert.Contains(story.Deployment.State, new[] { "Committed", "Failed", "RolledBack" }));
            await using var source = NpgsqlDataSource.Create(database);
            foreach (var schema in new[] { "prewarmer", "validator", "router", "env_manager" })
            {
                Assert.NotEqual(0L, await AskAsync<long>(source, $"SELECT count(*) FROM {schema}.work_items", ct));
                // None: it was called off before it began.
                Assert.Equal("", await AskAsync<string>(
                    source, $"SELECT coalesce(string_agg(kind || ' ' || tries, ', '), '') FROM {schema}.work_items WHERE tries > 1", ct));
            }

            Assert.Equal(5L, await AskAsync<long>(source, "SELECT count(*) FROM orchestrator.history WHERE kind = 'promoted'", ct));
            Assert.Equal(0L, await AskAsync<long>(source, "SELECT count(*) FROM orchestrator.faults", ct));
            // Every stage began once: a second beginning would be a second attempt, or a second row of the first. A rollback whose revert is
            // awaited begins with that, and once more with the quarantine.
            Assert.Equal("", await AskAsync<string>(
                source,
                "SELECT coalesce(string_agg(summary || ' of ' || deployment_id, ', '), '') FROM (SELECT deployment_id, summary FROM orchestrator.history "
                + "WHERE kind = 'stage-started' GROUP BY deployment_id, summary HAVING count(*) > CASE summary WHEN 'RollingBack' THEN 2 ELSE 1 END) AS twice",
                ct));
            folder.RemoveIfOurs();
        }
        finally
        {
            new Leftovers(folder.RunId, folder.Root).End();
        }
    }

    private static async Task<T> AskAsync<T>(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
