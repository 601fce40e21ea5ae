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
    /// <summary>Environment variable: for how many seconds a replica is cut off.</summary>
    private const string LengthVariable = "BLUEGREEN_PARTITION_SECONDS";
    private const int Rate = 150;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static TimeSpan Length { get; } = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable(LengthVariable), System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? seconds : 12);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReplicaCutOff_FencedStops_ServeLastGoesOn_AndReceiptsMetricsAndAlarmsSaySoAllTheTime()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var (alone, other) = (cluster.Routers[2], cluster.Routers[0]);
        var fenced = await scene.FirstAsync("fenced", "fast", "fence", Ct);
        var lasting = await scene.FirstAsync("lasting", "fast", "serve-last", Ct);
        await using var onFenced = new OpenTraffic([alone.Inference], "/fenced/infer", Rate);
        await using var onLasting = new OpenTraffic([alone.Inference], "/lasting/infer", Rate);
        await onFenced.MoreAsync(20, Ct);

        scene.Lines[2].Cut();
        var partition = new Partition(alone, other, Ct);
        // What is ordered while the cut-off one's lease lasts may be given to it, which gives it back only after a while.
        var receipts = new List<TrafficSwitched> { await SwitchAsync("lasting", lasting) };
        await partition.UntilAsync(CutoverScene.LeaseTtl);
        var fenceEnd = TimeProvider.System.GetTimestamp();
        var made = await SwitchAsync("fenced", fenced);
        Assert.True(made.Confirmed);
        while (partition.Elapsed < Length)
        {
            receipts.Add(await SwitchAsync("lasting", receipts[^1].Epoch));
            made = await SwitchAsync("fenced", made.Epoch);
            Assert.Contains(await ReplicasAsync(cluster, other), replica => replica.Name == alone.Name && !replica.HoldsLease);
            await partition.UntilAsync(Length < partition.Elapsed + Pause ? Length : partition.Elapsed + Pause);
        }

        var samples = await partition.EndAsync();
        var mendedAt = TimeProvider.System.GetTimestamp();
        scene.Lines[2].Mend();
        await UntilEpochAsync(onFenced, made.Epoch);
        await UntilEpochAsync(onLasting, receipts[^1].Epoch);
        await Task.WhenAll(onFenced.StopAsync(), onLasting.StopAsync());

        var (strictly, anyway) = (onFenced.Take(), onLasting.Take());
        var unserved = strictly.Where(answer => answer.Sent > fenceEnd && answer.Received < mendedAt).ToArray();
        var meanwhile = anyway.Where(answer => answer.Sent > partition.CutAt && answer.Received < mendedAt).ToArray();
        output.WriteLine($"cut off for {partition.Elapsed.TotalSeconds:F1} s; fenced: {unserved.Length} times 503; served last: {meanwhile.Length} answers under epoch {lasting}");
        output.WriteLine($"{receipts.Count} switches of 'lasting' to epoch {receipts[^1].Epoch}, 'fenced' to {made.Epoch}; {samples.Count} samples, the last: {samples[^1]}");
        Assert.NotEmpty(unserved);
        Assert.All(unserved, answer => Assert.Equal(503, answer.Status));
        Assert.All(strictly.Where(answer => answer.Sent > fenceEnd && answer.IsGood), answer => Assert.Equal(made.Epoch, answer.Epoch));
        Assert.All(meanwhile, answer => Assert.Equal((200, lasting), (answer.Status, answer.Epoch)));
        Assert.All(receipts, receipt => Assert.False(receipt.Confirmed));
        Assert.All(receipts, receipt => Assert.Null(receipt.Acknowledgements.Single(entry => entry.Router == alone.Name).Milliseconds));
        AssertAlarmedAllTheTime(samples);

        Task<TrafficSwitched> SwitchAsync(string endpoint, long epoch) =>
            scene.SwitchAsync(endpoint, epoch, epoch % 2 == 1 ? cluster.Green : cluster.Blue, Ct);
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
        var made = await Task.WhenAll(endpoints.Select((endpoint, i) => scene.SwitchAsync(endpoint, epochs[i], cluster.Green, Ct)));

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

    /// <summary>Both alerts of the shipped rules hold at every sample from a moment after their thresholds to the end.</summary>
    private static void AssertAlarmedAllTheTime(IReadOnlyList<PartitionSample> samples)
    {
        var (behind, silence) = (Partition.ThresholdOf("bluegreen_router_behind_seconds"), Partition.ThresholdOf("bluegreen_router_replica_silence_seconds"));
        var late = samples.Where(sample => sample.Elapsed.TotalSeconds > Math.Max(behind, silence) + 1).ToArray();
        Assert.NotEmpty(late);
        Assert.All(late, sample => Assert.True(sample.Behind > behind && sample.Silence > silence, $"{sample}"));
        // And what they say is no less than the truth.
        Assert.All(late, sample => Assert.True(sample.Behind > sample.Elapsed.TotalSeconds - 1 && sample.Silence > sample.Elapsed.TotalSeconds - 1, $"{sample}"));
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
