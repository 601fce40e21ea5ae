using BlueGreen.Platform.Http;
using BlueGreen.Validator.Baking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class RouterWindowsTests
{
    private const string Window =
        """{"endpoint":"fraud","requests":10,"errors":2,"answers":{"success":5,"clientError":3},"inspected":4,"nullPredictions":1,"copies":{"requests":9,"liveErrors":4,"bothErrors":3,"liveClientErrors":2,"bothClientErrors":1},"latency":{"boundsMilliseconds":[1,5,null],"counts":[4,5,1]}}""";

    [Fact]
    public async Task Read_SeveralRouters_AddsTheirCounts()
    {
        await using var one = await RouterAsync(() => Results.Text(Window, "application/json"));
        await using var two = await RouterAsync(() => Results.Text(Window, "application/json"));
        var reading = await ReadAsync(one, two);
        Assert.Empty(reading.Missing);
        Assert.Equal((20, 4, 2), (reading.Sum.Requests, reading.Sum.Errors, reading.Sum.NullPredictions));
        Assert.Equal((6, 8, new CopyTally(18, 8, 6, 4, 2)), (reading.Sum.ClientErrors, reading.Sum.Inspected, reading.Sum.Copies));
        Assert.Equal([8, 10, 2], reading.Sum.Latency.Counts);
        Assert.Equal(double.PositiveInfinity, reading.Sum.Latency.Bounds[^1]);
    }

    [Fact]
    public async Task Read_OneRouterDown_IsNamedAndTheOtherCounts()
    {
        await using var one = await RouterAsync(() => Results.Text(Window, "application/json"));
        var two = await RouterAsync(() => Results.Ok());
        var address = Address(two);
        await two.DisposeAsync();
        var reading = await ReadAsync(Address(one), address);
        Assert.StartsWith(address.ToString(), Assert.Single(reading.Missing), StringComparison.Ordinal);
        Assert.Equal(10, reading.Sum.Requests);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"requests":1,"errors":2,"latency":{"boundsMilliseconds":[null],"counts":[1]}}""")]
    [InlineData("""{"requests":1,"latency":{"boundsMilliseconds":[1,null],"counts":[1]}}""")]
    public async Task Read_MalformedWindow_IsMissing(string body)
    {
        await using var router = await RouterAsync(() => Results.Text(body, "application/json"));
        Assert.Single((await ReadAsync(router)).Missing);
    }

    [Fact]
    public async Task Read_OtherBounds_AreNotAddedUp()
    {
        await using var one = await RouterAsync(() => Results.Text(Window, "application/json"));
        await using var two = await RouterAsync(() => Results.Text(Window.Replace("[1,5,null]", "[1,6,null]"), "application/json"));
        var reading = await ReadAsync(one, two);
        Assert.Single(reading.Missing);
        Assert.Equal(10, reading.Sum.Requests);
    }

    [Fact]
    public async Task Read_UnknownRoute_IsMissing()
    {
        await using var router = await RouterAsync(() => Results.NotFound());
        Assert.Single((await ReadAsync(router)).Missing);
    }

    [Theory]
    [InlineData(0.5, 2.0)]
    [InlineData(0.4, 1.0)]
    [InlineData(0.9, 6.0)]
    [InlineData(0.95, null)]
    public void Quantile_InterpolatesWithinTheBucket(double quantile, double? expected)
    {
        var buckets = new LatencyBuckets([1, 6, double.PositiveInfinity], [4, 5, 1]);
        Assert.Equal(expected, buckets.Quantile(quantile) is { } value ? Math.Round(value, 9) : null);
    }

    [Fact]
    public void CertainlyAbove_CountsOnlyWholeBuckets()
    {
        var buckets = new LatencyBuckets([1, 6, double.PositiveInfinity], [4, 5, 1]);
        Assert.Equal((6, 1, 1), (buckets.CertainlyAbove(1), buckets.CertainlyAbove(1.5), buckets.CertainlyAbove(6)));
        Assert.Equal((4, 4, 9), (buckets.CertainlyWithin(1), buckets.CertainlyWithin(5.9), buckets.CertainlyWithin(6)));
        Assert.Null(LatencyBuckets.Empty.Quantile(0.5));
    }

    private static Task<RouterReading> ReadAsync(params WebApplication[] routers) => ReadAsync([.. routers.Select(Address)]);

    private static async Task<RouterReading> ReadAsync(params Uri[] routers)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.Configure<ApiOptions>(options => options.Token = "a-token-for-tests-only");
        services.Configure<ServiceAddresses>(options => options.RouterUrls = routers);
        services.AddPlatformHttpClient(RouterWindows.HttpClient);
        services.AddSingleton<RouterWindows>();
        await using var provider = services.BuildServiceProvider();
        var now = provider.GetRequiredService<TimeProvider>().GetUtcNow();
        return await provider.GetRequiredService<RouterWindows>()
            .ReadAsync("fraud", Guid.NewGuid(), now.AddSeconds(-5), now, copies: false, TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> RouterAsync(Func<IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/routes/fraud/windows", (Guid environment, DateTimeOffset from, DateTimeOffset to) => answer());
        await app.StartAsync();
        return app;
    }

    private static Uri Address(WebApplication app) => new(app.Urls.First() + "/");
}
