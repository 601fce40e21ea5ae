using BlueGreen.Contracts;
using BlueGreen.Platform.Traffic;
using BlueGreen.Tests;
using BlueGreen.Validator.Gates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class GreenLoadTests
{
    [Fact]
    public async Task Latency_PeakWasObserved_LoadsWithMoreThanThat()
    {
        await using var green = await ModelServer.WithLatencyAsync(_ => 0);
        var gate = await JudgeAsync(green, new LoadPolicy { Factor = 1.2, Duration = TimeSpan.FromSeconds(1) }, peak: 200);
        Assert.Equal(240, gate.Samples);
        Assert.Contains("of 240 requests at 240/s, 1.2 × the observed peak of 200/s is", gate.Summary, StringComparison.Ordinal);
        Assert.InRange(gate.Duration, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Latency_NoPeakObserved_LoadsAtThePolicysRate()
    {
        await using var green = await ModelServer.WithLatencyAsync(_ => 0);
        var gate = await JudgeAsync(green, new LoadPolicy { Factor = 1.2, Rate = 300, Duration = TimeSpan.FromMinutes(1) }, peak: null);
        Assert.Equal(50, gate.Samples);
        Assert.Contains("requests at 300/s, no peak observed", gate.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latency_HardlyAnyTraffic_DoesNotTakeForEver()
    {
        await using var green = await ModelServer.WithLatencyAsync(_ => 0);
        var gate = await JudgeAsync(green, new LoadPolicy { Factor = 1.2, Duration = TimeSpan.Zero }, peak: 0.1);
        Assert.Contains("requests at 50/s, 1.2 × the observed peak of 0.1/s", gate.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latency_FewerRequestsThanThePercentileShowsIn_AreMore()
    {
        await using var green = await ModelServer.WithLatencyAsync(_ => 0);
        var gate = await JudgeAsync(green, new LoadPolicy { Factor = 1.2, Rate = 300, Duration = TimeSpan.Zero }, peak: null, new() { P99 = TimeSpan.FromSeconds(10), Requests = 10 });
        Assert.Equal((Verdict.Passed, 100), (gate.Verdict, gate.Samples));
    }

    [Fact]
    public async Task Latency_OneOfManyRequestsIsAnswered_IsInconclusive()
    {
        // The first after ten of priming; the others fail at once.
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(
            request.Number == 11 ? ModelServer.Scores(0.5) : Results.StatusCode(500)));
        var gates = new GatePolicy { Health = new(), Latency = new() { P99 = TimeSpan.FromSeconds(5), Requests = 500 }, Payloads = Judges.File };
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, gates), Judges.Golden(10)));
        Assert.Equal((Verdict.Inconclusive, 1), (failed.Gates[1].Verdict, failed.Gates[1].Samples));
        Assert.Contains("499 of 500 requests failed at once", failed.Reason, StringComparison.Ordinal);
    }

    private static async Task<GateResult> JudgeAsync(ModelServer green, LoadPolicy load, double? peak, LatencyGate? gate = null)
    {
        var gates = new GatePolicy { Latency = gate ?? new LatencyGate { P95 = TimeSpan.FromSeconds(10), Requests = 50 }, Load = load };
        var outcome = await Judges.JudgeAsync(
            Judges.Command(ModelServer.Fleet(green), null, gates),
            configure: services => services.AddSingleton<IObservedTraffic>(new Traffic(peak))
                .Configure<GateOptions>(options => options.LongestLoad = TimeSpan.FromSeconds(1)));
        return Assert.Single(Assert.IsType<EnvironmentValidated>(outcome).Gates);
    }

    private sealed class Traffic(double? peak) : IObservedTraffic
    {
        public Task<TrafficPeak?> PeakAsync(string endpoint, CancellationToken cancellationToken) =>
            Task.FromResult(peak is { } rate ? new TrafficPeak(rate, 1) : null);
    }
}
