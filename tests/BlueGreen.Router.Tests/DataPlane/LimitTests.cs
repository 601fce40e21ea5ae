using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.DataPlane;

public sealed class LimitTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_LargerThanThePolicySays_Is413_AndTheServerNeverSeesTheWholeOfIt(bool isChunked)
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MaxBodyBytes = 1000 });
        await router.SwitchAsync(Guid.NewGuid(), 0, server);

        // Of a body without a length the framing counts, too.
        using var fits = await PostAsync(router, isChunked ? 900 : 1000, isChunked);
        using var exceeds = await PostAsync(router, 100_000, isChunked);

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, exceeds.StatusCode);
        Assert.Equal("application/problem+json", exceeds.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Marks.Of(fits), Marks.Of(exceeds));
        Assert.Contains("maxBody", await exceeds.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_LongerThanThePolicySays_Is504()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        server.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { Timeout = TimeSpan.FromMilliseconds(100) });
        await router.SwitchAsync(Guid.NewGuid(), 0, server);

        using var answer = await router.Inference.GetAsync("/fraud/slow", Token);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal(("1", "v1"), (Marks.Of(answer).Epoch, Marks.Of(answer).Version));
        Assert.Contains("route.timeout", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_CutsOffWhatOutlastsIt_AndNothingElse()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        blue.Answer = StreamAsync;
        green.Answer = StreamAsync;
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { Drain = TimeSpan.FromSeconds(1) });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        using var old = await router.Inference.GetAsync("/fraud/stream", HttpCompletionOption.ResponseHeadersRead, Token);
        await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);
        using var young = await router.Inference.GetAsync("/fraud/stream", HttpCompletionOption.ResponseHeadersRead, Token);

        await Assert.ThrowsAnyAsync<IOException>(async () => await (await old.Content.ReadAsStreamAsync(Token)).CopyToAsync(Stream.Null, Token));

        var buffer = new byte[1];
        var stream = await young.Content.ReadAsStreamAsync(Token);
        for (var i = 0; i < 10; i++) Assert.Equal(1, await stream.ReadAsync(buffer, Token));
        Assert.Equal("v2", young.Headers.GetValues("X-BlueGreen-Model-Version").Single());
    }

    [Fact]
    public async Task Drain_BeginsWithTheLastStep_WhereTrafficMovesBySteps_OrWithTheSwitchThatEndsThem()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        blue.Answer = StreamAsync;
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy
        {
            Drain = TimeSpan.FromSeconds(1),
            Shift = new TrafficShift { First = 1e-9, Step = 1, Wait = TimeSpan.FromHours(1) },
        });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        using var answer = await router.Inference.GetAsync("/fraud/stream", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("v1", answer.Headers.GetValues("X-BlueGreen-Model-Version").Single());
        var stream = await answer.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[1];
        // Longer than the drain time and the looks at it.
        for (var i = 0; i < 80; i++) Assert.Equal(1, await stream.ReadAsync(buffer, Token));

        await router.SwitchAsync(Guid.NewGuid(), second.Epoch, green);
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.CopyToAsync(Stream.Null, Token));
    }

    private static async Task StreamAsync(HttpContext context)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(context.RequestAborted)) await context.Response.WriteAsync(".", context.RequestAborted);
    }

    private static async Task<HttpResponseMessage> PostAsync(RouterHost router, int bytes, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fraud/infer") { Content = new ByteArrayContent(new byte[bytes]) };
        request.Headers.TransferEncodingChunked = isChunked;
        return await router.Inference.SendAsync(request, Token);
    }
}
