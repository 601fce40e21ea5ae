using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests;

public sealed class SwitchingTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switch_MovesTraffic_AndTheReceiptNamesEpochReplicaAndStandby()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);

        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        Assert.Equal((1, 2), (first.Epoch, second.Epoch));
        Assert.Null(first.StandbyEnvironmentId);
        Assert.Equal(first.EnvironmentId, second.StandbyEnvironmentId);
        Assert.True(second.Confirmed);
        Assert.InRange(second.ConvergenceMilliseconds, 0, 5000);
        Assert.NotNull(Assert.Single(second.Acknowledgements).Milliseconds);
        using var answer = await router.Inference.GetAsync("/fraud/v2/models/fraud?x=1", Token);
        Assert.Equal("v2", answer.Headers.GetValues("X-BlueGreen-Model-Version").Single());
        Assert.Equal("2", answer.Headers.GetValues("X-BlueGreen-Epoch").Single());
        Assert.Equal(second.EnvironmentId.ToString(), answer.Headers.GetValues("X-BlueGreen-Environment").Single());
        Assert.Contains("\"path\":\"/v2/models/fraud?x=1\"", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Switch_AtAStaleEpoch_IsRefusedNamingBoth()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, blue);

        var late = Commands.Switch(Guid.NewGuid(), 0, blue);
        await router.PublishAsync(late);

        var failed = await router.Spy.NextAsync<SwitchingFailed>(message => message.DeploymentId == late.DeploymentId);
        Assert.Contains("epoch 1", failed.Reason);
        Assert.Contains("epoch 0", failed.Reason);
    }

    [Fact]
    public async Task Switch_Repeated_IsAnsweredWithTheSameReceipt()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        var command = Commands.Switch(Guid.NewGuid(), 0, blue);

        await router.PublishAsync(command);
        await router.Spy.NextAsync<TrafficSwitched>(_ => true);
        await router.PublishAsync(command);

        var receipts = await router.Spy.NextAsync<TrafficSwitched>(_ => true, count: 2);
        Assert.Equivalent(receipts[0], receipts[1], strict: true);
        Assert.Equal(1, router.Table.Current.Entries.Single().State.Epoch);
    }

    [Fact]
    public async Task NothingLive_IsAnswered503_AndNoRoute404()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        await router.PublishAsync(Commands.Configure("/models/fraud/", 1));
        await Eventually.TrueAsync(() => router.Table.Current.TryMatch("/models/fraud/x", out _));

        using var unavailable = await router.Inference.GetAsync("/models/fraud/v2", Token);
        using var unknown = await router.Inference.GetAsync("/models/fraudulent", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.NotNull(unavailable.Headers.RetryAfter);
        Assert.Equal("application/problem+json", unavailable.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Route_ThatIsNotThere_IsAProblemThatNamesIt()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        using var answer = await router.Control.GetAsync("/routes/nobody", Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("nobody", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PolicyPath_IsFollowed_AndAnOlderRevisionIgnored()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        await router.PublishAsync(Commands.Configure("/new", 2));
        await Eventually.TrueAsync(() => router.Table.Current.TryMatch("/new", out _));
        await router.PublishAsync(Commands.Configure("/old", 1));
        await router.PublishAsync(Commands.Configure("/newest", 3));
        await Eventually.TrueAsync(() => router.Table.Current.TryMatch("/newest", out _));

        Assert.False(router.Table.Current.TryMatch("/old", out _));
        Assert.False(router.Table.Current.TryMatch("/new", out _));
        var route = await router.Control.GetFromJsonAsync<RouteResponse>("/routes/fraud", Token);
        Assert.Equal("/newest", route!.Path);
    }
}
