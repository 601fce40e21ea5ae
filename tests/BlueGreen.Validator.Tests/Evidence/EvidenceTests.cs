using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Persistence;
using BlueGreen.Tests;
using BlueGreen.Validator.Evidence;
using BlueGreen.Validator.Persistence;
using BlueGreen.Validator.Tests.Gates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests.Evidence;

public sealed class EvidenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-evidence-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Evidence_IsKeptOfEveryGate_SurvivesARestartAndGivesTheSameVerdicts()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value + 0.3)));
        await using var blue = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        var command = Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), new()
        {
            Health = new(),
            Latency = new() { P99 = TimeSpan.FromMinutes(1), Requests = 50 },
            ErrorRate = new() { Max = 0 },
            Golden = new() { File = Blob(Golden(200)), Label = "/parameters/label", MinRecall = 0.5 },
            Distribution = Judges.Ks(min: 300, max: 500) with { Calibration = new() { MaxMargin = 0.2 } },
            Paired = new() { MaxDisagreement = 0.05, Tolerance = 0.1, Requests = 200 },
            Payloads = Blob(Judges.Golden(1000)),
        });
        ValidationFailed failed;
        await using (var host = await StartAsync())
        {
            await host.PublishAsync(command);
            failed = Assert.IsType<ValidationFailed>(await host.HearAsync());
        }

        await using var again = await StartAsync();
        using var client = again.Operator();
        var kept = JsonSerializer.Deserialize(
            await client.GetStringAsync($"/api/v1/evidence/{command.DeploymentId}", Token), EvidenceJson.Default.DeploymentEvidence)!;

        Assert.Equal((command.Attempt, "fraud", command.Green.EnvironmentId, "f1", false), (kept.Attempt, kept.Endpoint, kept.EnvironmentId, kept.Fingerprint, kept.Passed));
        Assert.Equal(Digest(JsonSerializer.SerializeToUtf8Bytes(command.Gates, EvidenceJson.Default.GatePolicy)), kept.PolicyHash);
        Assert.Equal(["health", "latency", "error-rate", "golden", "distribution", "paired"], kept.Gates.Select(gate => gate.Gate));
        Assert.Equal(200, kept.Find("golden")!.Golden!.Scores.Count);
        Assert.InRange(kept.Find("distribution")!.Distribution!.Green.Count, 300, 500);
        var judged = Rejudgement.Of(kept, Token);
        Assert.Equal(
            failed.Gates.Select(gate => (gate.Gate, gate.Verdict, gate.Value, gate.Threshold, gate.FittedMargin, gate.IntervalLow)).OrderBy(gate => gate.Gate),
            judged.Select(gate => (gate.Gate, gate.Verdict, gate.Value, gate.Threshold, gate.FittedMargin, gate.IntervalLow)).OrderBy(gate => gate.Gate));
        // A wider margin and a more tolerant comparison would have let it through; a percentile that was not asked for can be.
        var lenient = Rejudgement.Of(kept, new()
        {
            Latency = new() { P50 = TimeSpan.FromMinutes(1), Requests = 50 },
            Paired = new() { MaxDisagreement = 0.05, Tolerance = 0.4, Requests = 200 },
        }, [Judges.Ks(margin: 0.6), Judges.Of("wasserstein", 3)], Token);
        Assert.Equal(["health", "latency-p50", "distribution-ks", "distribution-wasserstein", "paired"], lenient.Select(gate => gate.Gate));
        Assert.All(lenient, gate => Assert.Equal(Verdict.Passed, gate.Verdict));
    }

    [Fact]
    public async Task Evidence_OfNothing_Is404AndNeedsAnOperator()
    {
        await using var host = await StartAsync();
        using var client = host.Operator();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/evidence/{Guid.NewGuid()}", Token)).StatusCode);
        client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"/api/v1/evidence/{Guid.NewGuid()}", Token)).StatusCode);
    }

    [Fact]
    public async Task Evidence_IsOfTheLastAttemptUnlessAnotherIsAskedFor()
    {
        await using var host = await StartAsync();
        var store = host.Services.GetRequiredService<EvidenceStore>();
        var command = Judges.Command(ModelServer.Fleet(), null, new() { Health = new() });
        foreach (var attempt in new[] { 1, 3, 2, 2 }) await WriteAsync(host, store.Write(command with { Attempt = attempt }, [Judged(10)], true));

        Assert.Equal(3, (await store.FindAsync(command.DeploymentId, null, Token))!.Attempt);
        Assert.Equal(2, (await store.FindAsync(command.DeploymentId, 2, Token))!.Attempt);
        Assert.Null(await store.FindAsync(command.DeploymentId, 4, Token));
    }

    [Fact]
    public async Task Evidence_BeyondItsSize_LosesTheOldestInBatches()
    {
        await using var host = await StartAsync(("MostBytes", "20000"), ("Batch", "3"));
        var store = host.Services.GetRequiredService<EvidenceStore>();
        var commands = Enumerable.Range(0, 20).Select(_ => Judges.Command(ModelServer.Fleet(), null, new() { Health = new() })).ToArray();
        foreach (var command in commands) await WriteAsync(host, store.Write(command, [Judged(500)], true));

        var swept = await store.SweepAsync(Token);

        Assert.InRange(swept, 4, 19);
        var (bytes, rows, judgements) = await host.Services.GetRequiredService<IServiceStore<ValidatorDbContext>>().ReadAsync(async (db, token) =>
            (await db.Judgements.SumAsync(row => row.Bytes, token), await db.Evidence.CountAsync(token), await db.Judgements.CountAsync(token)), Token);
        Assert.InRange(bytes, 1, 20_000);
        Assert.Equal((20 - swept, 20 - swept), (rows, judgements));
        Assert.Null(await store.FindAsync(commands[0].DeploymentId, null, Token));
        Assert.NotNull(await store.FindAsync(commands[^1].DeploymentId, null, Token));
        Assert.Equal(0, await store.SweepAsync(Token));
    }

    [Fact]
    public async Task Evidence_BeyondItsTime_IsNotGivenAndIsSwept()
    {
        await using var host = await StartAsync(("Ttl", "1.00:00:00"), ("SweepInterval", "00:00:00.100"));
        var store = host.Services.GetRequiredService<EvidenceStore>();
        var (old, young) = (Row(hours: 25), Row(hours: 23));
        await WriteAsync(host, (db, _) =>
        {
            db.Judgements.AddRange(old, young);
            return Task.CompletedTask;
        });

        Assert.Null(await store.FindAsync(old.DeploymentId, null, Token));
        Assert.NotNull(await store.FindAsync(young.DeploymentId, null, Token));
        var rows = host.Services.GetRequiredService<IServiceStore<ValidatorDbContext>>();
        while (await rows.ReadAsync((db, token) => db.Judgements.CountAsync(token), Token) != 1)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
    }

    [Fact]
    public void Evidence_OfVeryManyScores_KeepsAsManyAsAllowed()
    {
        var kept = (Judged(5000) with
        {
            Golden = new() { Scores = [.. Enumerable.Repeat<double?>(0.5, 5000)] },
            Paired = new() { Outputs = [new() { Green = [.. Enumerable.Repeat<double?>(0.5, 5000)], Blue = [.. Enumerable.Repeat<double?>(0.5, 5000)] }], Fewest = 100 },
        }).Within(1000);
        Assert.Equal((1000, 1000), (kept.Distribution!.Green.Count, kept.Distribution.Blue.Count));
        Assert.Equal((1000, 1000), (kept.Paired!.Outputs[0].Green.Count, kept.Paired.Outputs[0].Blue.Count));
        Assert.Null(kept.Golden);
        Assert.Equal(Verdict.Passed, kept.Distribution.Judge(Judges.Ks(margin: 0.3)).Verdict);
    }

    [Fact]
    public void Latency_EvidenceAndHistogram_GiveTheSamePercentiles()
    {
        var histogram = new HdrHistogram.LongHistogram(TimeSpan.FromMinutes(1).Ticks, 3);
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++) histogram.RecordValue((long)Math.Exp(random.NextDouble() * 16));
        var evidence = Validator.Gates.LoadEvidence.Of(new Validator.Gates.GreenLoadResult(
            new() { Microseconds = histogram, Duration = default, Rate = 1, Requests = 10_000, Failed = 0, Late = 0, Started = 0 }, "1/s"));
        foreach (var percentile in new[] { 0.01, 1, 50, 90, 95, 99, 99.9, 99.99, 100 })
            Assert.Equal(histogram.GetValueAtPercentile(percentile) / 1000.0, evidence.Milliseconds(percentile));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static GateEvidence Judged(int scores)
    {
        var random = new Random(1);
        SideScores Side() => new() { Scores = [.. Enumerable.Range(0, scores).Select(_ => random.NextDouble())] };
        return GateEvidence.Of(GateNames.Distribution) with
        {
            Distribution = new()
            {
                Green = Side(),
                Blue = Side(),
                Available = scores,
                MinSamples = scores,
                MaxSamples = scores,
                Fewest = 100,
                ToleratedMissingShare = 0.05,
                Looks = [new(scores, scores)],
            },
        };
    }

    private static JudgementRow Row(int hours) => new()
    {
        DeploymentId = Guid.NewGuid(),
        Attempt = 1,
        Endpoint = "fraud",
        EnvironmentId = Guid.NewGuid(),
        Fingerprint = "f",
        JudgedAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(hours),
        Passed = true,
        Policy = "{}",
        PolicyHash = "",
        Bytes = 1,
    };

    private static Task<int> WriteAsync(ServiceHost host, Func<ValidatorDbContext, CancellationToken, Task> write) =>
        host.Services.GetRequiredService<IServiceStore<ValidatorDbContext>>().WriteAsync(async (transaction, token) =>
        {
            await write(transaction.Db, token);
            return 0;
        }, Token);

    private Task<ServiceHost> StartAsync(params (string Name, string Value)[] settings) =>
        ServiceHost.StartAsync<EnvironmentValidated, ValidationFailed>(new ValidatorService(), new(settings.Select(
            setting => KeyValuePair.Create($"{EvidenceOptions.Section}:{setting.Name}", (string?)setting.Value)))
        {
            ["BlueGreen:DataDirectory"] = _folder,
            ["BlueGreen:Database:ConnectionString"] = $"Data Source={Path.Combine(_folder, "validator.db")}",
        });

    /// <summary>A payload file as if it had been fetched before.</summary>
    private BlobReference Blob(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Directory.CreateDirectory(Path.Combine(_folder, "blobs"));
        File.WriteAllBytes(Path.Combine(_folder, "blobs", Digest(bytes)), bytes);
        return new() { Sha256 = Digest(bytes), Name = "golden.jsonl" };
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Golden(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$$"""{"parameters":{"label":{{{i % 2}}}},"inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[{{{i % 2}}}]}]}""")));
}
