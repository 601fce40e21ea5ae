using System.Text.Json;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests;

public sealed class FlippingTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flips_UnderLoad_EveryAnswerIsOneEnvironmentsAndNoneFails()
    {
        const int flips = 400;
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var state = router.Table.States().Single();
        var other = RouteTarget.Of(Commands.Switch(Guid.NewGuid(), 1, green));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskUntilAsync(router, stop.Token), Token)).ToArray();

        for (var epoch = 2; epoch < flips + 2; epoch++)
        {
            var answered = blue.Served + green.Served;
            var (live, standby) = epoch % 2 == 0 ? (other, state.Live) : (state.Live, other);
            router.Table.Apply([state with { Version = 1000 + epoch, Epoch = epoch, Live = live, Standby = standby }]);
            await Eventually.TrueAsync(() => blue.Served + green.Served > answered + 2);
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(list => list).ToArray();
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal(answer.Header, answer.Body));
        // The epoch's parity says which environment it made live: a request is answered by the one of the epoch it was admitted under.
        Assert.All(answers.Where(answer => answer.Epoch > 1), answer => Assert.Equal(answer.Epoch % 2 == 0 ? "v2" : "v1", answer.Body));
        Assert.True(answers.Select(answer => answer.Epoch).Distinct().Count() > flips / 2);
    }

    [Fact]
    public async Task Flip_RequestInFlight_FinishesWhereItBegan()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        blue.Answer = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("from blue", Token);
        };
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var environment = router.Table.Current.Entries.Single().Serving!;

        var slow = router.Inference.GetAsync("/fraud/slow", Token);
        await Eventually.TrueAsync(() => blue.Served == 1);
        await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);
        using var quick = await router.Inference.GetAsync("/fraud/quick", Token);

        Assert.Equal("v2", Version(quick));
        Assert.Equal(1, environment.InFlight);
        release.SetResult();
        using var answer = await slow;
        Assert.Equal("v1", Version(answer));
        Assert.Equal("1", answer.Headers.GetValues("X-BlueGreen-Epoch").Single());
        Assert.Equal("from blue", await answer.Content.ReadAsStringAsync(Token));
        await Eventually.TrueAsync(() => environment.InFlight == 0);
    }

    [Fact]
    public async Task Replica_ThatRefusesConnections_IsPassedOverWithoutAFailedRequest()
    {
        using var data = new TemporaryDirectory();
        await using var alive = await ModelServer.StartAsync("v1");
        var dead = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, alive, dead);
        await dead.DisposeAsync();

        for (var i = 0; i < 50; i++)
        {
            using var body = new ByteArrayContent(new byte[100_000]);
            using var answer = await router.Inference.PostAsync("/fraud/infer", body, Token);
            answer.EnsureSuccessStatusCode();
            Assert.Contains("\"body\":\"100000\"", await answer.Content.ReadAsStringAsync(Token));
        }
    }

    private static string Version(HttpResponseMessage answer) => answer.Headers.GetValues("X-BlueGreen-Model-Version").Single();

    private static async Task<List<(string Header, string Body, int Epoch)>> AskUntilAsync(RouterHost router, CancellationToken stop)
    {
        var answers = new List<(string, string, int)>();
        while (!stop.IsCancellationRequested)
        {
            using var answer = await router.Inference.GetAsync("/fraud/v2", Token);
            answer.EnsureSuccessStatusCode();
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            answers.Add((
                Version(answer),
                body.RootElement.GetProperty("model_version").GetString()!,
                int.Parse(answer.Headers.GetValues("X-BlueGreen-Epoch").Single(), System.Globalization.CultureInfo.InvariantCulture)));
        }

        return answers;
    }
}
