using System.Net;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Capture;

public sealed class CaptureTests
{
    private const string Path = "/fraud/v2/models/fraud/infer";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Capture_PredictionRequests_AreKeptRedactedWithTheirAnswers()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        server.Answer = context => AnswerAsync(context, """{"outputs":[{"name":"score","datatype":"FP32","data":[0.5]}]}""");
        await using var router = await RouterHost.StartAsync(data);
        var live = await CapturingAsync(router, server, Policy() with { Redact = ["/card"] });

        await PostAsync(router, """{"card":"4111","inputs":[{"data":[1]}]}""");
        await router.Inference.GetAsync("/fraud/v2/models/fraud", Token);
        await PostAsync(router, new string(' ', 600) + "{}");

        var captured = Assert.Single(await CapturesAsync(router, 1));
        Assert.Equal("""{"card":"","inputs":[{"data":[1]}]}""", captured.Request);
        Assert.Equal("""{"outputs":[{"name":"score","datatype":"FP32","data":[0.5]}]}""", captured.Answer);
        Assert.Equal((live.EnvironmentId, 200, Path, false), (captured.EnvironmentId, captured.Status, captured.Path, captured.Pinned));
    }

    [Fact]
    public async Task Capture_IsBounded_AndReadingItIsOnTheRecord()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await CapturingAsync(router, server, Policy() with { Keep = 3 });
        for (var i = 0; i < 10; i++) await PostAsync(router, $$"""{"i":{{i}}}""");

        var bodies = Array.Empty<string>();
        await Eventually.TrueAsync(() => Ask().Contains("""{"i":9}"""));
        Assert.Equal(["""{"i":9}""", """{"i":8}""", """{"i":7}"""], bodies);
        await Eventually.TrueAsync(() => router.Spy.All<CapturesRead>().Any(read => read is { Count: 3, Purpose: "a test", ReadBy: "me" }));

        string[] Ask() => bodies = [.. router.Control.GetFromJsonAsync<CaptureResponse[]>(
            "/routes/fraud/captures?purpose=a%20test&readBy=me", Token).GetAwaiter().GetResult()!.Select(capture => capture.Request)];
    }

    [Fact]
    public async Task Capture_OfAQuarantinedEnvironment_IsPinned()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        server.Answer = context => AnswerAsync(context, "no", 500);
        await using var router = await RouterHost.StartAsync(data);
        var live = await CapturingAsync(router, server, Policy() with { Keep = 1 });
        await PostAsync(router, """{"i":1}""");
        Assert.Equal(500, Assert.Single(await CapturesAsync(router, 1)).Status);

        await router.PublishAsync(new QuarantineEnvironment
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            EnvironmentId = live.EnvironmentId,
            Reason = "a test",
            Ttl = TimeSpan.FromHours(72),
        });
        await EventuallyAsync(async () => (await CapturesAsync(router, 1))[0].Pinned);
        await PostAsync(router, """{"i":2}""");
        await PostAsync(router, """{"i":3}""");

        await EventuallyAsync(async () => (await CapturesAsync(router, 2)) is [{ Request: """{"i":3}""" }, { Request: """{"i":1}""", Pinned: true }]);
    }

    [Fact]
    public async Task Captures_WithoutTheOperatorsToken_AreRefused()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        using var anonymous = new HttpClient { BaseAddress = router.Control.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/routes/fraud/captures", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await router.Control.GetAsync("/routes/fraud/captures?count=0", Token)).StatusCode);
    }

    private static CapturePolicy Policy() => new() { Rate = 1, MaxBytes = 512, Keep = 100, Ttl = TimeSpan.FromHours(1), Redact = [] };

    private static async Task<TrafficSwitched> CapturingAsync(RouterHost router, ModelServer server, CapturePolicy policy)
    {
        await router.PublishAsync(Commands.Configure("/fraud", 1) with { Capture = policy });
        var live = await router.SwitchAsync(Guid.NewGuid(), 0, server);
        await EventuallyAsync(async () =>
        {
            await router.Get<CaptureKeeper>().ApplyAsync(Token);
            return router.Table.Current.TryGet("fraud", out var entry) && entry.Serving?.Sampler?.Policy.Keep == policy.Keep;
        });
        return live;
    }

    private static async Task<CaptureResponse[]> CapturesAsync(RouterHost router, int atLeast)
    {
        CaptureResponse[] captures = [];
        await EventuallyAsync(async () =>
        {
            captures = (await router.Control.GetFromJsonAsync<CaptureResponse[]>("/routes/fraud/captures", Token))!;
            return captures.Length >= atLeast;
        });
        return captures;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 400, "The condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Token);
        }
    }

    private static async Task PostAsync(RouterHost router, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await router.Inference.PostAsync(Path, content, Token);
        await answer.Content.ReadAsStringAsync(Token);
    }

    private static async Task AnswerAsync(HttpContext context, string body, int status = 200)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, Token);
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "text/plain";
        await context.Response.WriteAsync(body, Token);
    }
}
