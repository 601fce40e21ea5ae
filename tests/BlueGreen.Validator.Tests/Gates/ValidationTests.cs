using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class ValidationTests
{
    private static readonly LatencyGate Generous = new() { P50 = Seconds(5), P95 = Seconds(5), P99 = Seconds(5), Requests = 110 };

    [Fact]
    public async Task Validation_EverythingHolds_PassesEveryGateWithItsEvidence()
    {
        await using var green = await ModelServer.StartAsync(Echo);
        await using var second = await ModelServer.StartAsync(Echo);
        await using var blue = await ModelServer.StartAsync(Echo);
        var command = Judges.Command(ModelServer.Fleet(green, second), ModelServer.Fleet(blue), new()
        {
            Health = new(),
            Latency = Generous,
            ErrorRate = new() { Max = 0 },
            Distribution = Judges.Ks(),
            Payloads = Judges.File,
        });
        var passed = Assert.IsType<EnvironmentValidated>(await Judges.JudgeAsync(command, Judges.Golden(2000)));
        Assert.Equal(
            (command.DeploymentId, 4, command.Green.EnvironmentId, "f1"),
            (passed.DeploymentId, passed.Attempt, passed.EnvironmentId, passed.Fingerprint));
        Assert.Equal(
            ["health", "latency-p50", "latency-p95", "latency-p99", "error-rate", "distribution-ks"], passed.Gates.Select(gate => gate.Gate));
        Assert.All(passed.Gates, gate => Assert.Equal(Verdict.Passed, gate.Verdict));
        Assert.Equal(110, passed.Gates[1].Samples);
        var distribution = passed.Gates[^1];
        Assert.InRange(distribution.Samples, 500, 1000);
        Assert.InRange(distribution.PValue!.Value, 0, 1);
        Assert.InRange(distribution.Value!.Value, distribution.IntervalLow!.Value, distribution.IntervalHigh!.Value);
        Assert.True(green.Requests > 0 && second.Requests > 0);
    }

    [Fact]
    public async Task Distribution_GreenShifted_FailsAndIsNamed()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value + 0.35)));
        await using var blue = await ModelServer.StartAsync(Echo);
        var command = Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), new()
        {
            Health = new(),
            Distribution = Judges.Ks(),
            Payloads = Judges.File,
        });
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(command, Judges.Golden(2000)));
        Assert.StartsWith("distribution-ks failed: D = 0.", failed.Reason, StringComparison.Ordinal);
        // The shift is the distance; two samples of 500 estimate it to within 0.1 all but once in a thousand times.
        Assert.InRange(failed.Gates[1].Value ?? 0, 0.25, 0.45);
        Assert.Equal([Verdict.Passed, Verdict.Failed], failed.Gates.Select(gate => gate.Verdict));
        Assert.True(failed.Gates[1].PValue < 1e-6);
    }

    [Fact]
    public async Task Distribution_EffectAtTheMargin_TakesMoreSamplesAndStaysInconclusive()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value + 0.15)));
        await using var blue = await ModelServer.StartAsync(Echo);
        var command = Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), new()
        {
            Health = new(),
            Distribution = Judges.Ks(min: 200, max: 800),
            Payloads = Judges.File,
        });
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(command, Judges.Golden(2000)));
        Assert.StartsWith("distribution-ks is inconclusive", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(800, failed.Gates[1].Samples);
    }

    [Fact]
    public async Task Distribution_ComparesDisjointInputs()
    {
        await using var green = await ModelServer.StartAsync(Echo);
        await using var blue = await ModelServer.StartAsync(Echo);
        (green.Bodies, blue.Bodies) = ([], []);
        var command = Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), new()
        {
            Health = new(),
            Distribution = Judges.Ks(min: 200),
            Payloads = Judges.File,
        });
        Assert.IsType<EnvironmentValidated>(await Judges.JudgeAsync(command, Judges.Golden(2000)));
        Assert.NotEmpty(green.Bodies);
        Assert.Empty(green.Bodies.Intersect(blue.Bodies));
    }

    [Fact]
    public async Task Distribution_FirstDeployment_IsNotApplicableAndThePassOfTheOthersCounts()
    {
        await using var green = await ModelServer.StartAsync(Echo);
        var command = Judges.Command(ModelServer.Fleet(green), null, new()
        {
            Health = new(),
            Distribution = Judges.Ks(),
            Payloads = Judges.File,
        });
        var passed = Assert.IsType<EnvironmentValidated>(await Judges.JudgeAsync(command, Judges.Golden(10)));
        Assert.Equal([Verdict.Passed, Verdict.NotApplicable], passed.Gates.Select(gate => gate.Verdict));
    }

    [Fact]
    public async Task Validation_OnlyNotApplicableGates_IsNoPass()
    {
        await using var green = await ModelServer.StartAsync(Echo);
        var gates = new GatePolicy { Distribution = Judges.Ks(), Payloads = Judges.File };
        var failed = Assert.IsType<ValidationFailed>(
            await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, gates), Judges.Golden(10)));
        Assert.Contains("nothing is known about green", failed.Reason, StringComparison.Ordinal);
        Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, new())));
    }

    [Fact]
    public async Task Distribution_BlueIsUnreachable_IsInconclusive()
    {
        await using var green = await ModelServer.StartAsync(Echo);
        var gone = await ModelServer.StartAsync(Echo);
        var blue = ModelServer.Fleet(gone);
        await gone.DisposeAsync();
        var gates = new GatePolicy { Health = new(), Distribution = Judges.Ks(), Payloads = Judges.File };
        var failed = Assert.IsType<ValidationFailed>(
            await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), blue, gates), Judges.Golden(400)));
        Assert.Equal(Verdict.Inconclusive, failed.Gates[1].Verdict);
        Assert.Contains("blue owes 100% of its predictions", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OneReplicaNotReadyForItsModel_FailsAndNothingElseIsMeasured()
    {
        await using var good = await ModelServer.StartAsync(Echo);
        await using var bad = await ModelServer.StartAsync(Echo);
        bad.ModelReady = false;
        var command = Judges.Command(ModelServer.Fleet(good, bad), null, new()
        {
            Health = new(),
            Latency = Generous,
            ErrorRate = new() { Max = 1 },
            Payloads = Judges.File,
        });
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(command, Judges.Golden(10)));
        Assert.Contains(
            "health failed: 1 of 2 replicas are ready: replica 1 is not ready for model fraud: status 404", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(5, failed.Gates.Count);
        Assert.All(failed.Gates.Skip(1), gate => Assert.Equal(Verdict.Inconclusive, gate.Verdict));
        Assert.Equal(0, good.Requests);
    }

    [Fact]
    public async Task Latency_ServerStallsOnce_ShowsInThePercentilesOfEverybodyWhoWaited()
    {
        // 200 requests at 500 per second; from the 21st on (after 10 of priming) everything waits 150 ms for the stall to end.
        var stall = Task.CompletedTask;
        var gate = new Lock();
        await using var green = await ModelServer.StartAsync(async request =>
        {
            if (request.Number == 30)
                lock (gate) stall = Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
            Task wait;
            lock (gate) wait = stall;
            await wait;
            return ModelServer.Scores(0.5);
        });
        var command = Judges.Command(ModelServer.Fleet(green), null, new()
        {
            Latency = new() { P50 = Seconds(5), P95 = Seconds(0.08), P99 = Seconds(5), Requests = 200 },
            Payloads = Judges.File,
        });
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(command, Judges.Golden(10)));
        Assert.Equal([Verdict.Passed, Verdict.Failed, Verdict.Passed], failed.Gates.Select(result => result.Verdict));
        Assert.InRange(failed.Gates[1].Value!.Value, 80, 5000);
    }

    [Fact]
    public async Task ErrorRate_NullPredictionsAreErrors()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(
            request.Number % 20 == 0 ? ModelServer.Json("[null]") : request.Number % 20 == 10 ? Results.StatusCode(500) : ModelServer.Scores(0.5)));
        var command = Judges.Command(ModelServer.Fleet(green), null, new() { ErrorRate = new() { Max = 0.05 }, Payloads = Judges.File });
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(command, Judges.Golden(10)));
        var gate = Assert.Single(failed.Gates);
        Assert.Equal(0.1, gate.Value!.Value, 2);
        Assert.Contains("11 of 210 requests failed, 10 had null predictions", gate.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latency_NothingAnswers_IsInconclusiveNotFast()
    {
        var gone = await ModelServer.StartAsync(Echo);
        var fleet = ModelServer.Fleet(gone);
        await gone.DisposeAsync();
        var gates = new GatePolicy { Latency = Generous, ErrorRate = new() { Max = 0.01 }, Payloads = Judges.File };
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(Judges.Command(fleet, null, gates), Judges.Golden(10)));
        Assert.Equal(
            [Verdict.Inconclusive, Verdict.Inconclusive, Verdict.Inconclusive, Verdict.Failed], failed.Gates.Select(gate => gate.Verdict));
    }

    [Fact]
    public async Task Latency_RequestsTimeOut_CountAsSlow()
    {
        await using var green = await ModelServer.StartAsync(async request =>
        {
            if (request.Number > 10 && request.Number % 2 == 0) await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
            return ModelServer.Scores(0.5);
        });
        var gates = new GatePolicy { Latency = new() { P95 = Seconds(0.2), Requests = 20 }, Payloads = Judges.File };
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(
            Judges.Command(ModelServer.Fleet(green), null, gates), Judges.Golden(10),
            services => services.Configure<InferenceOptions>(options => options.RequestTimeout = Seconds(0.5))));
        Assert.Equal((Verdict.Failed, 20), (failed.Gates[0].Verdict, failed.Gates[0].Samples));
    }

    [Fact]
    public async Task Validation_NoPayloads_MeasuresWithASyntheticRequest()
    {
        await using var green = await ModelServer.StartAsync(Echo);
        var gates = new GatePolicy { Latency = Generous, ErrorRate = new() { Max = 0 } };
        Assert.IsType<EnvironmentValidated>(await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, gates)));
    }

    [Theory]
    [InlineData("Passed Passed", true)]
    [InlineData("Passed NotApplicable", true)]
    [InlineData("NotApplicable NotApplicable", false)]
    [InlineData("Passed Failed", false)]
    [InlineData("Passed Inconclusive", false)]
    [InlineData("Failed Inconclusive", false)]
    public void Decision_IsTheConjunctionOfAllGates(string verdicts, bool passes)
    {
        GateResult[] results = [.. verdicts.Split(' ').Select((verdict, i) => new GateResult
        {
            Gate = i == 0 ? "health" : "distribution-ks", Verdict = Enum.Parse<Verdict>(verdict), Unit = "D", Samples = 1, Summary = "",
        })];
        Assert.Equal(passes, Decision.WhyNot(results) is null);
    }

    private static Task<IResult> Echo(ModelRequest request) => Task.FromResult(ModelServer.Scores(request.Value));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
