using System.Net;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Mirroring;

public sealed class MirroringTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copies_GoToGreenMarked_AndBothAnswersArePaired_WhileTheClientHasOnlyBlues()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        string? marked = null;
        var copied = "";
        blue.Answer = context => AnswerAsync(context, "0.25");
        green.Answer = async context =>
        {
            (marked, copied) = (context.Request.Headers["X-BlueGreen-Mirror"], await new StreamReader(context.Request.Body).ReadToEndAsync(Token));
            await AnswerAsync(context, "0.5");
        };
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);

        using var body = new StringContent("{\"x\":1}", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fraud/v2/models/fraud/infer") { Content = body };
        request.Headers.Add("X-BlueGreen-Mirror", "0");
        using var answer = await router.Inference.SendAsync(request, Token);
        Assert.Equal("v1", answer.Headers.GetValues("X-BlueGreen-Model-Version").Single());
        PairsResponse? pairs = null;
        while (pairs is null || pairs.Pairs.Count == 0)
            pairs = await router.Control.GetFromJsonAsync<PairsResponse>($"/routes/fraud/pairs?environment={next.Fleet.EnvironmentId}", Token);

        var pair = Assert.Single(pairs.Pairs);
        Assert.Equal((200, 200, 0.25, 0.5), (pair.LiveStatus, pair.MirrorStatus, pair.Live.Single(), pair.Mirror.Single()));
        Assert.Equal(("1", "{\"x\":1}"), (marked, copied));
        Assert.True(pair.IsPrediction);
        Assert.Equal(0, router.Get<Proxy.EnvironmentRegistry>().Find(next.Fleet.EnvironmentId)!.Answered(2));
    }

    /// <summary>What a bake is told of blue, which gets nothing but copies: how many, how they fared, and what they owe.</summary>
    [Fact]
    public async Task Copies_AreCountedWhereTheyAreAskedFor()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        var answers = 0;
        blue.Answer = context => AnswerAsync(context, "0.25");
        green.Answer = context =>
        {
            if (Interlocked.Increment(ref answers) % 2 == 0) return AnswerAsync(context, "null");
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);
        for (var i = 0; i < 4; i++)
        {
            using var body = new StringContent("{\"x\":1}", Encoding.UTF8, "application/json");
            using var answer = await router.Inference.PostAsync("/fraud/v2/models/fraud/infer", body, Token);
            await Eventually.TrueAsync(() => router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs.Count == i + 1);
        }

        var now = TimeProvider.System.GetUtcNow();
        var window = $"/routes/fraud/windows?environment={next.Fleet.EnvironmentId}&from={now.AddMinutes(-1).UtcDateTime:O}&to={now.AddMinutes(1).UtcDateTime:O}";
        var (live, copies) = (await ReadAsync(window), await ReadAsync(window + "&copies=true"));
        while (copies.Requests < 4) copies = await ReadAsync(window + "&copies=true");
        Assert.Equal((0, 4, 2, 2), (live.Requests, copies.Requests, copies.Errors, copies.NullPredictions));
        Assert.Equal(4, copies.Latency.Counts.Sum());

        async Task<BlueGreen.Router.Windows.WindowResponse> ReadAsync(string address) => (await router.Control.GetFromJsonAsync<BlueGreen.Router.Windows.WindowResponse>(address, Token))!;
    }

    /// <summary>While green bakes blue is asked whether it would have done better: what both fail is not green's doing.</summary>
    [Fact]
    public async Task Copies_OfRequestsThatGreenFailedOrRefused_GoBackToBlue()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        var (blues, greens) = (200, 200);
        blue.Answer = context => StatusAsync(context, blues);
        green.Answer = context => StatusAsync(context, greens);
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToBlue = 1 });
        var before = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        await router.SwitchAsync(Guid.NewGuid(), before.Epoch, green);
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().Mirror is not null);

        foreach (var (ofGreen, ofBlue, sent) in new[] { (500, 200, 1), (503, 500, 2), (422, 200, 3), (422, 400, 4), (200, 200, 5) })
        {
            (greens, blues) = (ofGreen, ofBlue);
            using var body = new StringContent("{\"x\":1}", Encoding.UTF8, "application/json");
            using var answer = await router.Inference.PostAsync("/fraud/v2/models/fraud/infer", body, Token);
            Assert.Equal(ofGreen, (int)answer.StatusCode);
            await Eventually.TrueAsync(() => router.Get<PairLog>().Read(before.EnvironmentId, default).Pairs.Count == sent);
        }

        var pairs = router.Get<PairLog>().Read(before.EnvironmentId, default).Pairs;
        Assert.Equal([(500, 200), (503, 500), (422, 200), (422, 400), (200, 200)], pairs.Select(pair => (pair.LiveStatus, pair.MirrorStatus)));
        Assert.Equal((0, 0.25), (pairs[0].Live.Count, pairs[0].Mirror.Single()));
        var now = TimeProvider.System.GetUtcNow();
        BlueGreen.Router.Windows.WindowResponse? window = null;
        while (window is null || window.Copies!.Requests < 5)
            window = await router.Control.GetFromJsonAsync<BlueGreen.Router.Windows.WindowResponse>(
                $"/routes/fraud/windows?environment={before.EnvironmentId}&from={now.AddMinutes(-1).UtcDateTime:O}&to={now.AddMinutes(1).UtcDateTime:O}&copies=true", Token);
        var copies = window.Copies;
        Assert.Equal((2, 1, 2, 1), (copies!.LiveErrors, copies.BothErrors, copies.LiveClientErrors, copies.BothClientErrors));
        Assert.Equal((1, 1, 3), (window.Errors, window.Answers["clientError"], window.Inspected));
    }

    /// <summary>What blue could not answer is nothing to hold green against before the switch.</summary>
    [Fact]
    public async Task Copies_OfRequestsThatBlueFailed_DoNotGoToGreen()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        var status = 500;
        blue.Answer = context => StatusAsync(context, status);
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);

        foreach (var answered in (int[])[500, 200])
        {
            status = answered;
            using var answer = await router.Inference.GetAsync("/fraud/x", Token);
        }

        await Eventually.TrueAsync(() => router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs is [{ LiveStatus: 200 }]);
        Assert.Equal(1, green.Served);
    }

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

    [Fact]
    public async Task Copies_OfAnUnreachableGreen_AreAFinding_NotAFailure()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = await OfferAsync(router, first.Epoch, green);
        await green.DisposeAsync();

        using var answer = await router.Inference.GetAsync("/fraud/x", Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(() => router.Get<PairLog>().Read(next.Fleet.EnvironmentId, default).Pairs is [{ MirrorStatus: 0, LiveStatus: 200 }]);
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

    private static async Task<HttpStatusCode> PostAsync(RouterHost router, string path, int bytes)
    {
        using var body = new ByteArrayContent(new byte[bytes]);
        using var answer = await router.Inference.PostAsync(path, body, Token);
        return answer.StatusCode;
    }

    private static async Task<SwitchTraffic> OfferAsync(RouterHost router, long epoch, ModelServer green)
    {
        var next = Commands.Switch(Guid.NewGuid(), epoch, green);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().Mirror is not null);
        return next;
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, "0.25");
    }

    private static Task AnswerAsync(HttpContext context, string score)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"outputs":[{"name":"score","datatype":"FP64","shape":[1],"data":[{{score}}]}]}""", Token);
    }
}
