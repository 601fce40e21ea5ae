using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.DataPlane;

public sealed class PreviewTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preview_IsGreenOr503_AndNeverLive()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        string? leaked = null;
        green.Answer = context =>
        {
            leaked = context.Request.Headers["X-BlueGreen-Preview"];
            return Task.CompletedTask;
        };
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = Commands.Switch(Guid.NewGuid(), first.Epoch, green);

        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is not null);
        using (var preview = await AskAsync(router, RouterHost.Preview))
        {
            Assert.Equal("v2", preview.Headers.GetValues("X-BlueGreen-Model-Version").Single());
            Assert.Equal("1+preview", preview.Headers.GetValues("X-BlueGreen-Epoch").Single());
            Assert.Null(leaked);
        }

        using (var wrong = await AskAsync(router, "not the token of anybody")) Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        using (var live = await router.Inference.GetAsync("/fraud/x", Token)) Assert.Equal("v1", live.Headers.GetValues("X-BlueGreen-Model-Version").Single());

        await router.PublishAsync(next);
        await router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == next.DeploymentId);
        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(1, blue.Served);
    }

    [Fact]
    public async Task Preview_IsOverWhenGreenIsTornDown()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = Commands.Switch(Guid.NewGuid(), first.Epoch, green);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is not null);

        await router.PublishAsync(new DecommissionEnvironment
        {
            DeploymentId = next.DeploymentId,
            Attempt = 1,
            EnvironmentId = next.Fleet.EnvironmentId,
            Reason = "refused",
        });

        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is null);
        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
    }

    private static async Task AssertAsync(RouterHost router, HttpStatusCode expected)
    {
        using var answer = await AskAsync(router, RouterHost.Preview);
        Assert.Equal(expected, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static async Task<HttpResponseMessage> AskAsync(RouterHost router, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fraud/x");
        request.Headers.Add("X-BlueGreen-Preview", token);
        return await router.Inference.SendAsync(request, Token);
    }
}
