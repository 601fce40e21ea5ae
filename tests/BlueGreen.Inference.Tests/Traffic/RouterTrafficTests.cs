using BlueGreen.Inference.Tests.Servers;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Traffic;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Inference.Tests.Traffic;

public sealed class RouterTrafficTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Peak_OfSeveralRouters_AddsUp_AndOneThatIsDownIsLeftOut()
    {
        await using var one = await RouterAsync("peak", """{"endpoint":"fraud","requestsPerSecond":100.5,"concurrency":2}""");
        await using var other = await RouterAsync("peak", """{"endpoint":"fraud","requestsPerSecond":20,"concurrency":0.5}""");
        await using var idle = await RouterAsync("elsewhere", "{}");
        await using var services = Services(one.Address, other.Address, idle.Address, new Uri("http://127.0.0.1:9/"));
        Assert.Equal(new TrafficPeak(120.5, 2.5), await services.GetRequiredService<IObservedTraffic>().PeakAsync("fraud", Token));
    }

    [Theory]
    [InlineData("""{"requestsPerSecond":0,"concurrency":0}""")]
    [InlineData("<html>")]
    public async Task Peak_NothingSeen_IsNull(string body)
    {
        await using var router = await RouterAsync("peak", body);
        await using var services = Services(router.Address);
        Assert.Null(await services.GetRequiredService<IObservedTraffic>().PeakAsync("fraud", Token));
    }

    [Fact]
    public async Task Captures_FromTheFirstRouterThatAnswers_WithoutWhatFailed()
    {
        await using var router = await RouterAsync(
            "captures", """[{"mediaType":"text/csv","request":"1,2","status":200},{"mediaType":"application/json","request":"{}","status":500}]""");
        await using var services = Services(new Uri("http://127.0.0.1:9/"), router.Address);
        var captures = await services.GetRequiredService<ICapturedTraffic>().ReadAsync("fraud", 7, "prewarmer", "warm-up", Token);
        Assert.Equal([new CapturedRequest("text/csv", "1,2")], captures);
    }

    private static Task<PathServer> RouterAsync(string what, string body) =>
        PathServer.StartAsync(new Dictionary<string, Answer> { [$"GET /routes/fraud/{what}"] = new(body) });

    private static ServiceProvider Services(params Uri[] routers)
    {
        var services = new ServiceCollection().AddLogging().AddObservedTraffic().AddObservedTraffic();
        services.Configure<ApiOptions>(options => options.Token = "a-token-for-tests-only");
        services.Configure<ServiceAddresses>(addresses => addresses.RouterUrls = [.. routers]);
        return services.BuildServiceProvider();
    }
}
