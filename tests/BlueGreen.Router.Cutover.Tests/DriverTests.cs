using BlueGreen.Bench.Routing.Running;
using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>Three router processes and a load balancer that they switch.</summary>
[Collection("one cluster at a time")]
public sealed class DriverTests(PostgreSqlServer postgres, RabbitMqServer rabbit, ITestOutputHelper output)
{
    private const string Endpoint = "fraud";
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The replica that makes the switch dies with its write on the way, or made and not yet read back.</summary>
    [Theory]
    [InlineData("before the write is kept")]
    [InlineData("before it is read back")]
    public async Task WriterKilled_AnotherReplicaSeesToIt_AndTheReceiptSaysThatTheTargetFollows(string phase)
    {
        ContainerEngine.Require();
        await using var target = await RouteServer.StartAsync();
        await using var scene = await CutoverScene.StartAsync(
            postgres, rabbit, Ct,
            ("BlueGreen:Router:Drivers:http:address", new Uri(target.Address, "route").ToString()), ("BlueGreen:Router:Drivers:http:token", "secret"));
        var cluster = scene.Cluster;
        var driver = new TrafficDriver { Kind = "http", Settings = new Dictionary<string, string> { ["backend"] = "{version}" } };
        var epoch = await scene.FirstAsync(Endpoint, "fast", "serve-last", Ct, new TrafficPolicy { Driver = driver });
        epoch = await BackAndForthAsync(cluster, target, epoch);

        RouterReplica? killed = null;
        var writesSeen = 0;
        Func<System.Text.Json.Nodes.JsonObject, Task> kill = async _ =>
        {
            if (Interlocked.Increment(ref writesSeen) > 1) return;
            killed = await scene.CoordinatorAsync(Ct);
            killed.Process.Signal(OwnProcess.Sigkill);
            await killed.Process.WaitAsync(Ct);
        };
        if (phase == "before it is read back") target.BeforeAnswering = kill;
        else target.BeforeKeeping = kill;
        var writes = target.Writes;
        var fleet = target.Backend == "blue" ? cluster.Green : cluster.Blue;
        var made = await cluster.Bus.MustSwitchAsync(Endpoint, epoch, fleet, Ct);

        output.WriteLine($"{phase}: {killed!.Name} killed; {target.Writes - writes} writes kept; {string.Join(", ", made.Acknowledgements)}");
        Assert.Equal(fleet.Version, target.Backend);
        Assert.NotNull(made.Acknowledgements.Single(entry => entry.Router == "driver:http").Milliseconds);
        Assert.InRange(target.Writes - writes, 1, 2);
    }

    /// <summary>However many replicas there are, each switch is one write.</summary>
    private static async Task<long> BackAndForthAsync(RouterCluster cluster, RouteServer target, long epoch)
    {
        // The policy may reach a router after the first switch, and the replicas learn of each other within seconds.
        while (target.Route is null || target.Writes < 4)
            epoch = (await cluster.Bus.MustSwitchAsync(Endpoint, epoch, epoch % 2 == 1 ? cluster.Green : cluster.Blue, Ct)).Epoch;
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, Ct);
        var writes = target.Writes;
        for (var number = 0; number < 6; number++)
        {
            var made = await cluster.Bus.MustSwitchAsync(Endpoint, epoch, target.Backend == "blue" ? cluster.Green : cluster.Blue, Ct);
            epoch = made.Epoch;
            Assert.True(made.Confirmed);
            Assert.Equal(4, made.Acknowledgements.Count);
        }

        Assert.Equal(6, target.Writes - writes);
        return epoch;
    }
}
