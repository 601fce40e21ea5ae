using System.Net;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Tests.Support;
using static BlueGreen.Router.Tests.Mirroring.MirrorScene;

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
}
