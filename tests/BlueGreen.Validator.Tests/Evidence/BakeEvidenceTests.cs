using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Tests;
using BlueGreen.Validator.Evidence;
using BlueGreen.Validator.Tests.Baking;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests.Evidence;

public sealed class BakeEvidenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-bakes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Bake_WhatItSaw_IsKeptWithItsVerdictAndSurvivesARestart()
    {
        var command = new BeginBaking
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 2,
            Endpoint = "fraud",
            Green = ModelServer.Fleet(),
            SwitchedAt = TimeProvider.System.GetUtcNow(),
            Bake = Traffic.Policy(Traffic.ErrorRate()) with { Duration = TimeSpan.FromSeconds(1), MaxDuration = TimeSpan.FromSeconds(2) },
        };
        BakingInconclusive ended;
        await using (var host = await StartAsync())
        {
            await host.PublishAsync(command);
            ended = Assert.IsType<BakingInconclusive>(await host.HearAsync());
        }

        await using var again = await StartAsync();
        using var client = again.Operator();
        var kept = JsonSerializer.Deserialize(
            await client.GetStringAsync($"/api/v1/evidence/{command.DeploymentId}/bake", Token), EvidenceJson.Default.BakeEvidence)!;
        Assert.Equal((2, "fraud", Verdict.Inconclusive, ended.Reason), (kept.Attempt, kept.Endpoint, kept.Verdict, kept.Reason));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command.Bake, EvidenceJson.Default.BakePolicy))), kept.PolicyHash);
        Assert.InRange(kept.Taken, 1, 100);
        Assert.Equal(kept.Taken, kept.Looks.Count);
        Assert.Equal(ended.Metrics, kept.Looks[^1].Metrics);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/evidence/{command.DeploymentId}/bake?attempt=1", Token)).StatusCode);
    }

    /// <summary>An alarm ends a bake from outside: what it had seen by then is kept all the same.</summary>
    [Fact]
    public async Task Bake_UnderWay_CanBeReadAndIsSweptByAgeAndSize()
    {
        await using var host = await StartAsync(("MostBakeBytes", "4000"), ("Ttl", "1.00:00:00"));
        var store = host.Services.GetRequiredService<BakeStore>();
        var now = TimeProvider.System.GetUtcNow();
        var bakes = Enumerable.Range(0, 20).Select(i => Bake(now.AddMinutes(i - 30))).Append(Bake(now.AddHours(-25))).ToArray();
        foreach (var bake in bakes) await store.SaveAsync(bake, Token);
        await store.SaveAsync(bakes[19] with { Taken = 7 }, Token);

        Assert.Equal((7, null), ((await store.FindAsync(bakes[19].DeploymentId, null, Token))!.Taken, bakes[19].Verdict));
        Assert.Null(await store.FindAsync(bakes[20].DeploymentId, null, Token));
        Assert.InRange(await store.SweepAsync(Token), 2, 20);
        Assert.Null(await store.FindAsync(bakes[0].DeploymentId, null, Token));
        Assert.NotNull(await store.FindAsync(bakes[19].DeploymentId, null, Token));
        Assert.Equal(0, await store.SweepAsync(Token));
    }

    private static BakeEvidence Bake(DateTimeOffset at) => new()
    {
        DeploymentId = Guid.NewGuid(),
        Attempt = 1,
        Endpoint = "fraud",
        EnvironmentId = Guid.NewGuid(),
        SwitchedAt = at,
        LookedAt = at,
        Policy = Traffic.Policy(Traffic.ErrorRate()),
        PolicyHash = "",
        Taken = 1,
        Looks = [],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<ServiceHost> StartAsync(params (string Name, string Value)[] settings) =>
        ServiceHost.StartAsync<BakingInconclusive, BakingPassed>(new ValidatorService(), new(settings.Select(
            setting => KeyValuePair.Create($"{EvidenceOptions.Section}:{setting.Name}", (string?)setting.Value)))
        {
            ["BlueGreen:Services:RouterUrls:0"] = "http://127.0.0.1:9/",
            ["BlueGreen:DataDirectory"] = _folder,
            ["BlueGreen:Database:ConnectionString"] = $"Data Source={Path.Combine(_folder, "validator.db")}",
        });
}
