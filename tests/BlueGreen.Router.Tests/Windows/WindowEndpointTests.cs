using System.Net;
using BlueGreen.Router.Tests.Support;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Tests.Windows;

public sealed class WindowEndpointTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Windows_CountErrorsAndNullPredictions_OfTheEnvironmentThatAnswered()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        server.Answer = AnswerAsync;
        await using var router = await RouterHost.StartAsync(data);
        var live = await router.SwitchAsync(Guid.NewGuid(), 0, server);
        var from = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

        foreach (var path in (string[])["good", "null", "nan", "null", "error", "abort", "chunked-null", "huge-null", "text-null"])
            await AskAsync(router, path);

        WindowResponse? window = null;
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > from.AddSeconds(1));
        for (var seconds = 2; window is null || (window.Requests < 9 && seconds < 40); seconds++)
        {
            await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > from.AddSeconds(seconds));
            window = await WindowAsync(router, live.EnvironmentId, from, from.AddSeconds(seconds));
        }

        Assert.Equal((9, 2, 5, 4), (window.Requests, window.Errors, window.Inspected, window.NullPredictions));
        Assert.Null(window.Copies);
        Assert.Equal(9, window.Latency.Counts.Sum());
        Assert.Equal(window.Latency.BoundsMilliseconds.Count, window.Latency.Counts.Count);
        Assert.Null(window.Latency.BoundsMilliseconds[^1]);
        Assert.Equal((window.To - window.From).TotalSeconds, window.Seconds);
        var nobody = await WindowAsync(router, Guid.NewGuid(), from, from.AddSeconds(1));
        Assert.Equal(0, nobody.Requests);
    }

    [Fact]
    public async Task Windows_OfAnUnknownEndpoint_Are404()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);

        using var answer = await router.Control.GetAsync(
            $"/routes/nobody/windows?environment={Guid.NewGuid()}&from=2026-11-23T00:00:00Z&to=2026-11-23T00:01:00Z", Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<WindowResponse> WindowAsync(RouterHost router, Guid environment, DateTimeOffset from, DateTimeOffset to) =>
        (await router.Control.GetFromJsonAsync<WindowResponse>(
            $"/routes/fraud/windows?environment={environment}&from={from.UtcDateTime:O}&to={to.UtcDateTime:O}", Token))!;

    private static async Task AskAsync(RouterHost router, string path)
    {
        using var answer = await router.Inference.PostAsync($"/fraud/v2/models/{path}/infer", null, Token);
        var body = await answer.Content.ReadAsStringAsync(Token);
        if (path.EndsWith("null", StringComparison.Ordinal)) Assert.Contains("null", body);
        if (path == "abort") Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/')[3];
        if (path == "abort")
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = path == "error" ? 500 : 200;
        context.Response.ContentType = path == "text-null" ? "text/plain" : "application/json";
        var data = path == "nan" ? "NaN" : path is "good" or "error" ? "0.5" : "null";
        var padding = new string(' ', path == "huge-null" ? 300_000 : 0);
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"outputs":[{"name":"score","data":[0.1,{{data}}]}]{{padding}}}""");
        if (path != "chunked-null") context.Response.ContentLength = body.Length;
        foreach (var part in body.Chunk(path == "chunked-null" ? 7 : body.Length))
        {
            await context.Response.Body.WriteAsync(part, Token);
            await context.Response.Body.FlushAsync(Token);
        }
    }
}
