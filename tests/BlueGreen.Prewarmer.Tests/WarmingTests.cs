using BlueGreen.Contracts;
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

    /// <summary>A server that enforces its maximum answers 400 to what is larger: no batch is, whatever the payloads' own sizes.</summary>
    [Theory]
    [InlineData(32, new[] { 5 }, new[] { 5, 15, 30 })]
    [InlineData(32, new[] { 5, 5, 3 }, new[] { 5, 8, 16, 32 })]
    [InlineData(32, new[] { 1, 5 }, new[] { 1, 5, 2, 4, 8, 16, 32 })]
    [InlineData(8, new[] { 5, 4 }, new[] { 5, 8 })]
    [InlineData(4, new[] { 5 }, new[] { 5 })]
    [InlineData(1, new[] { 1, 5 }, new[] { 1, 5 })]
    public async Task Warming_PayloadsOfSeveralRows_NeverMakeABatchAboveItsSize(int maxBatch, int[] rows, int[] batches)
    {
        await using var server = await ModelServer.StartAsync(request => Task.FromResult(
            request.Rows > Math.Max(maxBatch, rows.Max()) ? Results.StatusCode(400) : ModelServer.Scores([.. Enumerable.Repeat(0.5, request.Rows)])));
        var policy = Warmers.Policy(max: 3000) with { MaxBatch = maxBatch, Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        var lines = rows.Select((count, place) => Batch(place, string.Join(',', Enumerable.Repeat(place, count))));
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), string.Join('\n', lines)));
        Assert.Equal(batches, warmed.Replicas[0].Shapes.Select(shape => shape.Batch));
        if (rows.Contains(1)) Assert.Contains("single rows", warmed.Replicas[0].StopReason, StringComparison.Ordinal);
        else Assert.DoesNotContain("single rows", warmed.Replicas[0].StopReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_RareShapes_AreWarmedInTheirLargestBatchToo()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        server.Bodies = [];
        var policy = Warmers.Policy(max: 3000) with { MaxBatch = 4, Payloads = new() { Sha256 = "", Name = "golden.jsonl" } };
        var lines = Enumerable.Range(1, 4).Select(width =>
            $$"""{"inputs":[{"name":"x","shape":[1,{{width}}],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat(1, width))}}]}]}""");
        var warmed = Assert.IsType<EnvironmentWarmed>(await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), string.Join('\n', lines), options => options.MaxShapes = 2));
        Assert.Equal(["", ""], warmed.Replicas[0].Shapes.Select(shape => shape.Shape).TakeLast(2));
        Assert.Equal([1, 4], warmed.Replicas[0].Shapes.Select(shape => shape.Batch).TakeLast(2));
        Assert.Contains("2 rare shapes, batches of up to 4", warmed.Replicas[0].StopReason, StringComparison.Ordinal);
        Assert.Contains(server.Bodies, body => body.Contains("\"shape\":[4,4]", StringComparison.Ordinal));
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

    private static string Batch(int label, string data) =>
        $$$"""{"parameters":{"label":{{{label}}}},"inputs":[{"name":"x","datatype":"FP32","shape":[{{{data.Split(',').Length}}},1],"data":[{{{data}}}]}]}""";

    private static string Line(int value) =>
        $$$"""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[{{{value}}}]}],"parameters":{"label":{{{value}}}}}""";
}
