using System.Net;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Tests.Support;
using static BlueGreen.Router.Tests.Mirroring.MirrorScene;

namespace BlueGreen.Router.Tests.Mirroring;

public sealed class MirrorLoadTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copies_ThatHang_AreLimitedInNumber_AndNoClientWaitsForThem()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        green.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:MirrorConcurrency", "4"));
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);

        for (var i = 0; i < 20; i++)
        {
            using var answer = await router.Inference.GetAsync("/fraud/x", Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await Eventually.TrueAsync(() => green.Served == 4);
        Assert.Equal(16, router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Dropped);
        Assert.Equal(20, blue.Served);
    }

    /// <summary>A request of which a copy is kept takes memory while it is answered, not only while its copy is under way.</summary>
    [Fact]
    public async Task Copies_OfRequestsThatAreStillBeingAnswered_AreLimited_AndGiveTheirPlacesBack()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        blue.Answer = async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, Token);
            await answered.Task;
            if (context.Request.Path == "/fails") context.Response.StatusCode = 500;
        };
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:MirrorConcurrency", "4"));
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);

        var asked = Enumerable.Range(0, 20).Select(_ => PostAsync(router, "/fraud/x", 100_000)).ToArray();
        await Eventually.TrueAsync(() => blue.Served == 20);
        Assert.Equal(16, router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Dropped);
        answered.SetResult();
        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(HttpStatusCode.OK, status));
        await Eventually.TrueAsync(() => Pairs() == 4);
        Assert.Equal(4, green.Served);

        // Nothing is copied of these: their places must not be lost.
        for (var i = 0; i < 8; i++) await PostAsync(router, "/fraud/fails", 100);
        await PostAsync(router, "/fraud/x", 100);
        await Eventually.TrueAsync(() => Pairs() == 5);
        var serving = router.Get<Proxy.EnvironmentRegistry>().Find(next.Fleet.EnvironmentId)!;
        Assert.Equal((5, 0, 16), (serving.Copies(CopyOutcome.Sent), serving.Copies(CopyOutcome.Failed), serving.Copies(CopyOutcome.Dropped)));

        int Pairs() => router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs.Count;
    }

    /// <summary>A copy goes over a connection that may be closing under it, and comes back in pieces: the pair has the answer all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copies_ToAServerThatAnswersInChunksAndHangsUp_AllGetTheirAnswer(bool isDirect)
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        blue.Answer = context => AnswerAsync(context, "0.25");
        green.Answer = async context =>
        {
            context.Response.Headers.Connection = "close";
            await AnswerAsync(context, "0.5");
            await context.Response.Body.FlushAsync(Token);
        };
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:DirectUpstream", isDirect ? "true" : "false"));
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);

        for (var request = 0; request < 8; request++)
        {
            using var body = new StringContent("{\"x\":1}", Encoding.UTF8, "application/json");
            using var answer = await router.Inference.PostAsync("/fraud/v2/models/fraud/infer", body, Token);
        }

        await Eventually.TrueAsync(() => router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs.Count == 8);
        Assert.All(router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs, pair =>
            Assert.Equal((200, 0.25, 0.5), (pair.MirrorStatus, pair.Live.Single(), pair.Mirror.Single())));
    }

    [Fact]
    public async Task Copies_OfManyRequestsAtOnce_AllArrive()
    {
        const int Each = 100;
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        (blue.Answer, green.Answer) = (context => AnswerAsync(context, "0.25"), context => AnswerAsync(context, "0.5"));
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var request = 0; request < Each; request++)
            {
                using var body = new StringContent("{\"x\":1}", Encoding.UTF8, "application/json");
                using var answer = await router.Inference.PostAsync("/fraud/v2/models/fraud/infer", body, Token);
            }
        }));

        var serving = router.Get<Proxy.EnvironmentRegistry>().Find(next.Fleet.EnvironmentId)!;
        await Eventually.TrueAsync(() => router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs.Count + serving.Copies(CopyOutcome.Dropped) == 8 * Each);
        Assert.Equal((8 * Each, 0), (serving.Copies(CopyOutcome.Sent) + serving.Copies(CopyOutcome.Dropped), serving.Copies(CopyOutcome.Failed)));
        Assert.True(serving.Copies(CopyOutcome.Sent) > 4 * Each, $"only {serving.Copies(CopyOutcome.Sent)} were sent");
    }
}
