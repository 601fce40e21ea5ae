using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.DataPlane;

public sealed class HealthTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replica_ThatKeepsFailing_IsPassedOver_ButNeverMoreThanHalfOfTheFleet()
    {
        using var data = new TemporaryDirectory();
        await using var good = await ModelServer.StartAsync("v1");
        await using var bad = await ModelServer.StartAsync("v1");
        bad.Answer = FailAsync;
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, good, bad);

        while (bad.Served < 5) await AskAsync(router);
        var before = good.Served;
        for (var i = 0; i < 20; i++) Assert.True(await AskAsync(router));
        Assert.Equal((5, before + 20), (bad.Served, good.Served));

        good.Answer = FailAsync;
        for (var i = 0; i < 20; i++) await AskAsync(router);
        Assert.Equal(5, bad.Served);
        Assert.Equal(before + 40, good.Served);
    }

    [Fact]
    public async Task Replica_ThatSaysItIsNotReady_IsPassedOverUntilItIs_AndAllOfThemCountWhenNoneIs()
    {
        using var data = new TemporaryDirectory();
        await using var one = await ModelServer.StartAsync("v1");
        await using var two = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:HealthInterval", "00:00:00.100"));
        await router.SwitchAsync(Guid.NewGuid(), 0, one, two);
        var replicas = router.Table.Current.Entries.Single().Serving!.Replicas;

        one.IsReady = false;
        await AskUntilAsync(router, () => !replicas[0].IsReady);
        var served = one.Served;
        for (var i = 0; i < 20; i++) Assert.True(await AskAsync(router));
        Assert.Equal(served, one.Served);

        two.IsReady = false;
        await AskUntilAsync(router, () => !replicas[1].IsReady);
        Assert.True(await AskAsync(router));

        one.IsReady = two.IsReady = true;
        await Eventually.TrueAsync(() => replicas.All(replica => replica.IsReady));
    }

    [Fact]
    public async Task Replica_OfAnEnvironmentThatTrafficLeavesBySteps_IsAskedToo()
    {
        using var data = new TemporaryDirectory();
        await using var one = await ModelServer.StartAsync("v1");
        await using var two = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:HealthInterval", "00:00:00.100"));
        await router.ConfigureAsync(new Contracts.TrafficPolicy { Shift = new Contracts.TrafficShift { First = 1e-9, Step = 1, Wait = TimeSpan.FromHours(1) } });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, one, two);
        await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        one.IsReady = false;
        var replicas = router.Table.Current.Entries.Single().Shift!.Old.Serving.Replicas;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (replicas[0].IsReady)
        {
            limit.Token.ThrowIfCancellationRequested();
            await AskAsync(router);
        }
    }

    [Fact]
    public async Task Replica_ThatIsCold_GetsNoRequestsUntilItIsWarm_OrForAsLongAsThatMayTake_OrWhenNoneElseIsThere()
    {
        using var data = new TemporaryDirectory();
        await using var one = await ModelServer.StartAsync("v1");
        await using var two = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:ColdLimit", "00:00:01"));
        var switched = await router.SwitchAsync(Guid.NewGuid(), 0, one, two);
        var cold = $"/routes/fraud/cold/{switched.EnvironmentId}";

        Assert.Equal(204, (int)(await router.Control.PutAsync($"{cold}/0", null, Token)).StatusCode);
        for (var i = 0; i < 20; i++) Assert.True(await AskAsync(router));
        Assert.Equal((0, 20), (one.Served, two.Served));

        Assert.Equal(204, (int)(await router.Control.DeleteAsync($"{cold}/0", Token)).StatusCode);
        await AskUntilAsync(router, () => one.Served > 0);

        // Nobody says that it is warm: it comes back by itself.
        await router.Control.PutAsync($"{cold}/1", null, Token);
        var served = two.Served;
        await AskUntilAsync(router, () => two.Served > served);

        await router.Control.PutAsync($"{cold}/0", null, Token);
        await router.Control.PutAsync($"{cold}/1", null, Token);
        Assert.True(await AskAsync(router));
        Assert.Equal(404, (int)(await router.Control.PutAsync($"{cold}/2", null, Token)).StatusCode);
        router.Control.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(401, (int)(await router.Control.PutAsync($"{cold}/0", null, Token)).StatusCode);
    }

    [Fact]
    public void Pick_TakesTheReplicaWithTheFewestRequests()
    {
        var serving = new ServingEnvironment(Target(5), TimeProvider.System, OutlierRule.Default);
        for (var i = 0; i < 5; i++)
        {
            for (var busy = 0; busy < 5 - i; busy++) serving.Replicas[i].Enter();
        }

        for (var i = 0; i < 50; i++) Assert.Equal(4, serving.Pick(0)!.Position);
        serving.Replicas[4].IsReady = false;
        Assert.Equal(3, serving.Pick(0)!.Position);
        Assert.Equal(2, serving.Pick(0, serving.Replicas[3])!.Position);
    }

    private static RouteTarget Target(int replicas) => new()
    {
        EnvironmentId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        Model = "m",
        Version = "v",
        Protocol = "p",
        Replicas = [.. Enumerable.Range(0, replicas).Select(index => new Contracts.Replica { Index = index, Address = new Uri($"http://127.0.0.1:{index + 1}/") })],
    };

    /// <summary>A gRPC error is an answer with status 200.</summary>
    [Theory]
    [InlineData("14", true)]
    [InlineData("13", true)]
    [InlineData("2", true)]
    [InlineData("15", true)]
    [InlineData("3", false)]
    [InlineData("0", false)]
    public async Task Replica_ThatKeepsFailingInGrpcsWords_IsPassedOver_ButNotForItsClientsMistakes(string status, bool isReplicasFault)
    {
        using var data = new TemporaryDirectory();
        await using var good = await ModelServer.StartAsync("v1", isGrpc: true);
        await using var bad = await ModelServer.StartAsync("v1", isGrpc: true);
        good.Answer = context => SayAsync(context, "0");
        bad.Answer = context => SayAsync(context, status);
        // They do not speak HTTP/1.1, in which their health would be asked for.
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:HealthInterval", "00:05:00"));
        await router.SwitchAsync(Guid.NewGuid(), 0, good, bad);
        using var client = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        for (var i = 0; i < 100 && bad.Served < 5; i++) await CallAsync();
        var replicas = router.Table.Current.Entries.Single().Serving!.Replicas;
        await Eventually.TrueAsync(() => replicas.All(replica => replica.InFlight == 0));

        await Eventually.TrueAsync(() => replicas[1].IsSkipped(TimeProvider.System.GetTimestamp()) == isReplicasFault);
        Assert.False(replicas[0].IsSkipped(TimeProvider.System.GetTimestamp()));

        async Task CallAsync()
        {
            using var body = new ByteArrayContent([0, 0, 0, 0, 0]);
            body.Headers.ContentType = new("application/grpc");
            using var answer = await client.PostAsync(new Uri(router.Http2, "/fraud/call"), body, Token);
            await answer.Content.CopyToAsync(Stream.Null, Token);
        }

        static async Task SayAsync(HttpContext context, string status)
        {
            await context.Request.Body.CopyToAsync(Stream.Null, Token);
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", status);
            await context.Response.Body.WriteAsync(new byte[5], Token);
        }
    }

    private static Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    }

    private static async Task AskUntilAsync(RouterHost router, Func<bool> condition)
    {
        while (!condition()) await AskAsync(router);
    }

    private static async Task<bool> AskAsync(RouterHost router)
    {
        using var answer = await router.Inference.GetAsync("/fraud/x", Token);
        return answer.IsSuccessStatusCode;
    }
}
