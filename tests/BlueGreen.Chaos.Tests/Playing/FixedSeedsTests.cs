using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace BlueGreen.Chaos.Tests.Playing;

/// <summary>A fixed handful of seeds on real containers; <c>./bench/run chaos</c> plays as many as one likes.</summary>
// Each runs a whole platform: two at once would only slow each other down until deadlines pass.
[Collection("one platform at a time")]
public sealed class FixedSeedsTests(PostgreSqlServer postgres, RabbitMqServer rabbit)
{
    /// <summary>Between them they kill all seven services, stop and kill broker and database, and delay, repeat and reorder messages.</summary>
    private static readonly int[] Seeds = [1, 2, 3];

    [Fact]
    public async Task Seeds_UnderTheirFaults_LoseNothingAndEndInOrder()
    {
        ContainerEngine.Require();
        var progress = new List<string>();
        foreach (var seed in Seeds)
        {
            progress.Clear();
            var script = ScriptWriter.Write(seed);
            var run = new SeedRun(postgres, rabbit, new HitsTable(), progress.Add, TimeProvider.System);
            var result = await run.PlayAsync(script, tamper: null, TestContext.Current.CancellationToken);
            Assert.True(result.Verdict.IsGood, string.Join(Environment.NewLine, [.. progress, SeedText.Of(script, result)]));
            Directory.Delete(result.Folder, recursive: true);
        }
    }
}
