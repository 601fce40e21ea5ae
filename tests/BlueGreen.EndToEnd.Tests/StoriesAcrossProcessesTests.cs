using BlueGreen.Demo;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace BlueGreen.EndToEnd.Tests;

/// <summary>What ./demo plays in one process, across seven, on a real broker and a real database.</summary>
[Collection(OneAtATime)]
public sealed class StoriesAcrossProcessesTests(PostgreSqlServer postgres, RabbitMqServer rabbit)
{
    /// <summary>Each is a whole platform under traffic, and is told how long a rollback may take.</summary>
    public const string OneAtATime = "one platform at a time";

    [Fact]
    public async Task FiveStories_SevenProcesses_EndAsToldWithoutAFailedRequest()
    {
        var ct = TestContext.Current.CancellationToken;
        var database = await postgres.CreateDatabaseAsync("stories", ct);
        var broker = await rabbit.CreateVirtualHostAsync("stories", ct);
        var clock = new RunClock(TimeProvider.System);
        var folder = new RunFolder(chosen: null);
        var run = new DemoRun(
            new DemoOptions(Json: true, Keep: false, Rate: 100, Folder: null), folder, clock, new LiveWindow(clock), new SilentBoard(),
            (installation, runFolder, time, token) =>
                SeparateProcesses.StartAsync(database, broker, installation, runFolder, time, token));
        try
        {
            var report = await run.PlayAsync((_, _) => Task.CompletedTask, ct);
            Assert.Empty(report.Faults);
            Assert.Equal(0, report.Figures.Failed);
            Assert.Equal(
                ["Committed", "Committed", "Failed", "RolledBack", "RolledBack"], report.Stories.Select(story => story.Deployment.State));
            Assert.InRange(report.Figures.RollbackMilliseconds!.Value, 0, 1_000);
            folder.RemoveIfOurs();
        }
        finally
        {
            new Leftovers(folder.RunId, folder.Root).End();
        }
    }
}
