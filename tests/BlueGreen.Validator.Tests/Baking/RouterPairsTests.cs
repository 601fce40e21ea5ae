using BlueGreen.Platform.Http;
using BlueGreen.Validator.Baking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class RouterPairsTests
{
    [Fact]
    public async Task Read_TakesTheFirstScoresOfPredictions_AndLeavesOutWhatBothRefused()
    {
        await using var router = await RouterAsync("""
            {"pairs":[
                {"at":"2026-01-01T00:00:05Z","liveStatus":200,"mirrorStatus":200,"isPrediction":true,"live":[0.5,1],"mirror":[0.25]},
                {"at":"2026-01-01T00:00:01Z","liveStatus":200,"mirrorStatus":0,"isPrediction":true,"live":[0.5],"mirror":[]},
                {"at":"2026-01-01T00:00:02Z","liveStatus":200,"mirrorStatus":200,"isPrediction":true,"live":[null],"mirror":[0.25]},
                {"at":"2026-01-01T00:00:03Z","liveStatus":422,"mirrorStatus":422,"isPrediction":true,"live":[],"mirror":[]},
                {"at":"2026-01-01T00:00:04Z","liveStatus":200,"mirrorStatus":200,"isPrediction":false,"live":[],"mirror":[]}]}
            """);
        var reading = await ReadAsync(router);
        Assert.Empty(reading.Missing);
        Assert.Equal(
            [(1, 0.5, null, false), (2, null, 0.25, true), (5, 0.5, 0.25, true)],
            reading.Pairs.Select(pair => (pair.At.Second, pair.Green, pair.Blue, pair.BlueAnswered)));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Read_Malformed_IsMissing(string body)
    {
        await using var router = await RouterAsync(body);
        Assert.Single((await ReadAsync(router)).Missing);
    }

    private static async Task<PairReading> ReadAsync(WebApplication router)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.Configure<ApiOptions>(options => options.Token = "a-token-for-tests-only");
        services.Configure<ServiceAddresses>(options => options.RouterUrls = [new Uri(router.Urls.First() + "/")]);
        services.AddPlatformHttpClient(RouterWindows.HttpClient);
        services.AddSingleton<RouterPairs>();
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<RouterPairs>()
            .ReadAsync("fraud", Guid.NewGuid(), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> RouterAsync(string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/routes/fraud/pairs", (Guid environment, DateTimeOffset since) => Results.Text(body, "application/json"));
        await app.StartAsync();
        return app;
    }
}
