using BlueGreen.Contracts;
using BlueGreen.Platform.Traffic;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Prewarmer.Tests;

/// <summary>Shapes, concurrency, captured requests and restarts.</summary>
public sealed class WarmingLikeProductionTests
{
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

    [Fact]
    public async Task Warming_CapturedTraffic_SendsWhatCanBeReadAndNothingElse()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        server.Bodies = [];
        var policy = Warmers.Policy(max: 400) with { Captured = true };
        var warmed = await Warmers.WarmAsync(
            Warmers.Command(ModelServer.Fleet(server), policy), captured: [new("application/json", Line(7)), new("application/json", "{}")]);
        Assert.IsType<EnvironmentWarmed>(warmed);
        Assert.Equal([Line(7)], server.Bodies.Distinct());
    }

    [Fact]
    public async Task Warming_NothingCapturedYet_WarmsFromMetadata()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        Assert.IsType<EnvironmentWarmed>(
            await Warmers.WarmAsync(Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400) with { Captured = true })));
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
        var command = Warmers.Command(ModelServer.Fleet(server, other), Warmers.Policy(min: 100, max: 10_000) with { Concurrency = given });
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

    private static string Line(int value) =>
        $$"""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[{{value}}]}]}""";
}
