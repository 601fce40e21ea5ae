using BlueGreen.Contracts;
using BlueGreen.Platform.Traffic;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Prewarmer.Tests;

public sealed class WarmingTests
{
    [Fact]
    public async Task Warming_LatencySettles_ReportsColdAndWarmPerReplica()
    {
        await using var quick = await ModelServer.WithLatencyAsync(number => number <= 10 ? 60 : 5);
        await using var slow = await ModelServer.WithLatencyAsync(number => number <= 20 ? 60 : 5);
        var command = Warmers.Command(ModelServer.Fleet(quick, slow), Warmers.Policy());
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(command));
        Assert.Equal((command.DeploymentId, 2), (warmed.DeploymentId, warmed.Attempt));
        Assert.Equal([0, 1], warmed.Replicas.Select(replica => replica.Index));
        Assert.All(warmed.Replicas, replica =>
        {
            Assert.True(replica.ColdP99Milliseconds > 50, $"cold {replica.ColdP99Milliseconds}");
            Assert.True(replica.WarmP99Milliseconds < replica.ColdP99Milliseconds, $"warm {replica.WarmP99Milliseconds}");
            Assert.StartsWith("flat after", replica.StopReason, StringComparison.Ordinal);
        });
        Assert.Equal(warmed.Replicas.Select(replica => replica.Requests), new[] { quick.Requests, slow.Requests });
        Assert.True(slow.Requests > 30, $"{slow.Requests} requests");
    }

    [Fact]
    public async Task Warming_FlatFromTheStart_StillSendsTheFewestRequests()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        Assert.IsType<EnvironmentWarmed>(
            await Warmers.WarmAsync(Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(min: 90, max: 400))));
        Assert.InRange(server.Requests, 90, 400);
    }

    [Fact]
    public async Task Warming_OneReplicaNeverFlat_FailsAndNamesIt()
    {
        await using var flat = await ModelServer.WithLatencyAsync(_ => 2);
        await using var rising = await ModelServer.WithLatencyAsync(number => number * 4);
        var command = Warmers.Command(ModelServer.Fleet(flat, rising), Warmers.Policy(max: 40));
        var failed = Assert.IsType<WarmingFailed>(await Warmers.WarmAsync(command));
        Assert.Contains("replica 1 not flat after 40 requests", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(2, failed.Replicas.Count);
        Assert.Equal(40, rising.Requests);
    }

    [Fact]
    public async Task Warming_FirstRequestsFail_IsForgiven()
    {
        await using var server = await ModelServer.StartAsync(request => Task.FromResult(
            request.Number <= 6 ? Results.StatusCode(503) : ModelServer.Scores(0.5)));
        Assert.IsType<EnvironmentWarmed>(
            await Warmers.WarmAsync(Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400))));
    }

    [Fact]
    public async Task Warming_MostRequestsFail_GivesUpEarly()
    {
        await using var server = await ModelServer.StartAsync(request => Task.FromResult(
            request.Number % 4 == 0 ? ModelServer.Scores(0.5) : Results.StatusCode(500)));
        var failed = Assert.IsType<WarmingFailed>(
            await Warmers.WarmAsync(Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400))));
        Assert.Contains("15 of 20 requests failed, the last with: status 500", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(20, server.Requests);
    }

    [Fact]
    public async Task Warming_ATenthKeepsFailing_NeverCountsAsFlat()
    {
        await using var server = await ModelServer.StartAsync(request => Task.FromResult(
            request.Number % 8 == 0 ? Results.StatusCode(500) : ModelServer.Scores(0.5)));
        var failed = Assert.IsType<WarmingFailed>(
            await Warmers.WarmAsync(Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 100))));
        Assert.Contains("of the last 30 requests failed", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_NobodyListens_Fails()
    {
        var server = await ModelServer.WithLatencyAsync(_ => 0);
        var fleet = ModelServer.Fleet(server);
        await server.DisposeAsync();
        var policy = Warmers.Policy() with { Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        var failed = Assert.IsType<WarmingFailed>(await Warmers.WarmAsync(Warmers.Command(fleet, policy), Line(1)));
        Assert.Contains("20 of 20 requests failed", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_PolicyHasPayloads_SendsThemUntouchedAndThenInBatches()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        server.Bodies = [];
        var policy = Warmers.Policy(max: 600) with { MaxBatch = 3, Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), $"{Line(1)}\n{Line(2)}\n"));
        Assert.Contains("batches of 3", warmed.Replicas[0].StopReason, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], warmed.Replicas[0].Shapes.Select(shape => shape.Batch));
        Assert.Equal(warmed.Replicas[0].Requests, warmed.Replicas[0].Shapes.Sum(shape => shape.Requests));
        Assert.Equal(
            [
                Line(1), Line(2), Batch(1, "1,2"), Batch(1, "1,2,1"), Batch(2, "2,1,2"),
            ],
            server.Bodies.Distinct().Order(Comparer<string>.Create((one, other) =>
                one.Length != other.Length ? one.Length - other.Length : string.CompareOrdinal(one, other))));
    }

    [Fact]
    public async Task Warming_NoPayloadsAndNoMetadata_SaysSo()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        server.Metadata = "{}";
        var failed = Assert.IsType<WarmingFailed>(
            await Warmers.WarmAsync(Warmers.Command(ModelServer.Fleet(server), Warmers.Policy())));
        Assert.Contains("does not describe the inputs of model fraud", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_MalformedPayloadLine_NamesFileAndLine()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        var policy = Warmers.Policy() with { Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        var failed = Assert.IsType<WarmingFailed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), $"{Line(1)}\n{{\"inputs\":[]}}"));
        Assert.Equal("golden.jsonl, line 2: no \"inputs\" array", failed.Reason);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Warming_UnknownProtocol_NamesTheKnownOnes()
    {
        var fleet = ModelServer.Fleet() with
        {
            Protocol = "carrier-pigeon",
            Replicas = [new() { Index = 0, Address = new("http://127.0.0.1:9/") }],
        };
        var failed = Assert.IsType<WarmingFailed>(await Warmers.WarmAsync(Warmers.Command(fleet, Warmers.Policy())));
        Assert.StartsWith("protocol 'carrier-pigeon' is not one of: open-inference-v2, ", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_PayloadsOfTwoShapes_WarmsBothAndSaysSo()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        var policy = Warmers.Policy(max: 600) with { Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        const string wide = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), $"{Line(1)}\n{wide}\n{Line(2)}\n"));
        Assert.Equal(["x FP32[1]", "x FP32[2]"], warmed.Replicas[0].Shapes.Select(shape => shape.Shape));
        Assert.Contains("x FP32[2], single rows: medians", warmed.Replicas[0].StopReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_SecondShapeNeverFlat_NamesIt()
    {
        await using var server = await ModelServer.StartAsync(async request =>
        {
            var isWide = request.Body.GetProperty("inputs")[0].GetProperty("shape")[1].GetInt32() == 2;
            await Task.Delay(TimeSpan.FromMilliseconds(isWide ? request.Number : 1), TimeProvider.System);
            return ModelServer.Scores(0.5);
        });
        var policy = Warmers.Policy(max: 60) with { Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        const string wide = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";
        var failed = Assert.IsType<WarmingFailed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), $"{Line(1)}\n{Line(2)}\n{wide}"));
        Assert.Contains("replica 0 x FP32[2], single rows: not flat after 60 requests", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 12.0, 6)]
    [InlineData(3, 12.0, 3)]
    [InlineData(null, 1000.0, 32)]
    [InlineData(null, null, 1)]
    public async Task Warming_SendsAsManyAtATimeAsProduction(int? given, double? inFlight, int expected)
    {
        var (now, most) = (0, 0);
        await using var server = await ModelServer.StartAsync(async _ =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            Interlocked.Decrement(ref now);
            return ModelServer.Scores(0.5);
        });
        await using var other = await ModelServer.WithLatencyAsync(_ => 2);
        var command = Warmers.Command(ModelServer.Fleet(server, other), Warmers.Policy(min: 100, max: 400) with { Concurrency = given });
        var peak = inFlight is { } number ? new TrafficPeak(100, number) : null;
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(command, traffic: new Warmers.Traffic(peak)));
        Assert.All(warmed.Replicas, replica => Assert.Equal(expected, replica.Concurrency));
        Assert.InRange(most, expected > 1 ? 2 : 1, expected);
    }

    [Fact]
    public async Task Warming_ReplicaIsAnotherProcessAtTheEnd_BeginsAnew()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 1);
        var asked = 0;
        var identities = new Warmers.Identities(() => Interlocked.Increment(ref asked) == 1 ? "before" : "after");
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400)), identities: identities));
        var replica = warmed.Replicas[0];
        Assert.Equal(1, replica.Restarts);
        Assert.True(replica.Requests >= 2 * 20, $"{replica.Requests} requests");
        Assert.Contains("(1 restarts)", replica.StopReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_ConnectionIsLostOnTheWay_BeginsAnew()
    {
        await using var server = await ModelServer.StartAsync(request =>
        {
            if (request.Number != 25) return Task.FromResult(ModelServer.Scores(0.5));
            request.Abort();
            return Task.FromResult(Results.Empty);
        });
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400)), identities: new Warmers.Identities(() => null)));
        Assert.Equal(1, warmed.Replicas[0].Restarts);
        Assert.True(warmed.Replicas[0].Requests >= 25 + 30, $"{warmed.Replicas[0].Requests} requests");
    }

    [Fact]
    public async Task Warming_ReplicaKeepsRestarting_Fails()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        var asked = 0;
        var failed = Assert.IsType<WarmingFailed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400)),
            identities: new Warmers.Identities(() => $"{Interlocked.Increment(ref asked)}")));
        Assert.Contains("replica 0 restarted 3 times; the last time it was found to be another process", failed.Reason, StringComparison.Ordinal);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
    }

    private static string Batch(int label, string data) =>
        $$$"""{"parameters":{"label":{{{label}}}},"inputs":[{"name":"x","datatype":"FP32","shape":[{{{data.Split(',').Length}}},1],"data":[{{{data}}}]}]}""";

    private static string Line(int value) =>
        $$$"""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[{{{value}}}]}],"parameters":{"label":{{{value}}}}}""";
}
