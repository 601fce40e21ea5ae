using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Bench.Routing.Running;
using BlueGreen.Bench.Routing.Traffic;
using BlueGreen.Contracts;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>Replicas that are cut off from the database, and from each other with it.</summary>
[Collection("one cluster at a time")]
public sealed class PartitionTests(PostgreSqlServer postgres, RabbitMqServer rabbit, ITestOutputHelper output)
{
    private const int Rate = 150;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReplicaCutOff_FencedStops_ServeLastGoesOn_AndTheReceiptTheMetricsAndTheListSaySo()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var (alone, other) = (cluster.Routers[2], cluster.Routers[0]);
        var fenced = await scene.FirstAsync("fenced", "fast", "fence", Ct);
        var lasting = await scene.FirstAsync("lasting", "fast", "serve-last", Ct);
        var spare = await scene.FirstAsync("spare", "fast", "serve-last", Ct);
        await using var onFenced = new OpenTraffic([alone.Inference], "/fenced/infer", Rate);
        await using var onLasting = new OpenTraffic([alone.Inference], "/lasting/infer", Rate);
        await onFenced.MoreAsync(20, Ct);

        scene.Lines[2].Cut();
        var cutAt = TimeProvider.System.GetTimestamp();
        // One of them may go to the replica that is cut off, which gives it back only when it has not reached the database for a while.
        Task<TrafficSwitched>[] orders =
        [
            cluster.Bus.MustSwitchAsync("lasting", lasting, cluster.Green, Ct), cluster.Bus.MustSwitchAsync("spare", spare, cluster.Green, Ct),
        ];
        var madeAtOnce = await await Task.WhenAny(orders);
        Assert.False(madeAtOnce.Confirmed);
        Assert.Null(madeAtOnce.Acknowledgements.Single(entry => entry.Router == alone.Name).Milliseconds);
        await Task.Delay(CutoverScene.LeaseTtl, TimeProvider.System, Ct);
        var fenceEnd = TimeProvider.System.GetTimestamp();
        var made = await cluster.Bus.MustSwitchAsync("fenced", fenced, cluster.Green, Ct);
        Assert.True(made.Confirmed);
        await onFenced.MoreAsync(50, Ct);
        await UntilMetricAsync(alone, "bluegreen_router_behind", value => value > 3);
        await UntilMetricAsync(other, "bluegreen_router_replica_silence", value => value > 3, alone.Name);
        Assert.Contains(await ReplicasAsync(cluster, other), replica => replica.Name == alone.Name && !replica.HoldsLease);
        await Task.WhenAll(orders);
        var mendedAt = TimeProvider.System.GetTimestamp();
        scene.Lines[2].Mend();
        await UntilEpochAsync(onFenced, made.Epoch);

        await Task.WhenAll(onFenced.StopAsync(), onLasting.StopAsync());
        var (strictly, anyway) = (onFenced.Take(), onLasting.Take());
        output.WriteLine($"fenced: {strictly.Count(answer => answer.Status == 503)} times 503 of {strictly.Count}");
        Assert.All(strictly.Where(answer => answer.Sent > fenceEnd && answer.IsGood), answer => Assert.Equal(made.Epoch, answer.Epoch));
        Assert.Contains(strictly, answer => answer.Status == 503 && answer.Sent > fenceEnd);
        var meanwhile = anyway.Where(answer => answer.Sent > cutAt && answer.Received < mendedAt).ToArray();
        Assert.All(meanwhile, answer => Assert.Equal((200, lasting), (answer.Status, answer.Epoch)));
    }

    [Fact]
    public async Task Vetoes_TakenByReplicasThatAreCutOffFromEachOther_AreEverybodysInTheEnd()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        string[] endpoints = ["a", "b"];
        var deployments = new List<Guid>();
        foreach (var endpoint in endpoints)
        {
            var first = await scene.FirstAsync(endpoint, "fast", "serve-last", Ct);
            var deployment = Guid.NewGuid();
            await cluster.Bus.MustSwitchAsync(endpoint, first, cluster.Green, Ct, deployment);
            deployments.Add(deployment);
        }

        foreach (var line in scene.Lines) line.Cut();
        using var http = Operator(cluster);
        for (var i = 0; i < endpoints.Length; i++)
        {
            using var answer = await http.PostAsJsonAsync(
                new Uri(cluster.Routers[i].Control, $"routes/{endpoints[i]}/revert"),
                new { deploymentId = deployments[i], reason = "cut off", requestedBy = "test" }, Ct);
            answer.EnsureSuccessStatusCode();
        }

        foreach (var line in scene.Lines) line.Mend();

        foreach (var router in cluster.Routers)
        {
            for (var i = 0; i < endpoints.Length; i++)
            {
                while (true)
                {
                    var route = await http.GetFromJsonAsync<JsonElement>(new Uri(router.Control, $"routes/{endpoints[i]}"), Ct);
                    if (route.GetProperty("epoch").GetString() == "3") break;
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
                }
            }
        }
    }

    [Fact]
    public async Task Orders_ForReplicasThatAreCutOffOrFrozen_AreTakenByTheOneThatIsNeither()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        // Twice as many as replicas, so that each is given some.
        string[] endpoints = ["a", "b", "c", "d", "e", "f"];
        var epochs = new List<long>();
        foreach (var endpoint in endpoints) epochs.Add(await scene.FirstAsync(endpoint, "fast", "serve-last", Ct));

        scene.Lines[2].Cut();
        cluster.Routers[1].Process.Signal(OwnProcess.Sigstop);
        var made = await Task.WhenAll(endpoints.Select((endpoint, i) => cluster.Bus.MustSwitchAsync(endpoint, epochs[i], cluster.Green, Ct)));

        Assert.All(made, switched => Assert.NotNull(
            switched.Acknowledgements.Single(entry => entry.Router == cluster.Routers[0].Name).Milliseconds));
    }

    private async Task<CutoverScene> StartAsync()
    {
        ContainerEngine.Require();
        return await CutoverScene.StartAsync(postgres, rabbit, Ct);
    }

    private static async Task UntilEpochAsync(OpenTraffic traffic, long epoch)
    {
        while (true)
        {
            await traffic.MoreAsync(20, Ct);
            if (traffic.Newest is { IsGood: true } newest && newest.Epoch == epoch) return;
        }
    }

    private static async Task UntilMetricAsync(RouterReplica router, string name, Predicate<double> fits, string label = "")
    {
        using var http = new HttpClient { BaseAddress = router.Control };
        while (true)
        {
            var text = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), Ct);
            var lines = text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal));
            if (lines.Any(line => fits(double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)))) return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Ct);
        }
    }

    private static async Task<ReplicaLine[]> ReplicasAsync(RouterCluster cluster, RouterReplica router)
    {
        using var http = Operator(cluster);
        return (await http.GetFromJsonAsync<ReplicaLine[]>(new Uri(router.Control, "router/replicas"), Ct))!;
    }

    private static HttpClient Operator(RouterCluster cluster)
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Token);
        return http;
    }

    private sealed record ReplicaLine(string Name, bool HoldsLease);
}
